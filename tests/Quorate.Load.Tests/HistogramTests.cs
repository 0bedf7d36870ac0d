using FsCheck;
using FsCheck.Fluent;

namespace Quorate.Load.Tests;

public sealed class HistogramTests
{
    [Fact]
    public void Every_value_lies_in_its_bucket_and_the_bucket_is_narrow()
    {
        Prop.ForAll(Values(), value =>
        {
            var upper = Histogram.UpperEnd(Histogram.BucketOf(value));
            return upper >= value
                && upper - value <= value / 64
                && Histogram.BucketOf(upper) == Histogram.BucketOf(value);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Percentiles_are_those_of_the_sorted_values_within_a_bucket()
    {
        Prop.ForAll(Values().Generator.NonEmptyListOf().ToArbitrary(), values =>
        {
            var histogram = new Histogram();
            foreach (var value in values)
            {
                histogram.Record(value);
            }

            var sorted = values.Order().ToList();
            return new[] { 0.5, 0.99, 0.999, 1.0 }.All(share =>
            {
                var exact = sorted[Math.Max(1, (int)Math.Ceiling(share * sorted.Count)) - 1];
                var told = histogram.Percentile(share);
                return told >= exact && told - exact <= exact / 64;
            });
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void An_empty_one_has_no_percentiles()
    {
        Assert.Equal(0, new Histogram().Percentile(0.99));
    }

    [Fact]
    public void What_was_added_can_be_taken_out_again()
    {
        var (all, early) = (new Histogram(), new Histogram());
        early.Record(1_000);
        all.Add(early);
        all.Record(5);

        all.Subtract(early);

        Assert.Equal(1, all.Count);
        Assert.Equal(5, all.Percentile(1.0));
    }

    // All magnitudes alike, the ends among them.
    private static Arbitrary<long> Values() =>
        Gen.Choose(0, 62)
            .SelectMany(bits => Gen.Choose(int.MinValue, int.MaxValue).Select(noise => Spread(bits, noise)))
            .ToArbitrary();

    private static long Spread(int bits, int noise)
    {
        var top = 1L << bits;
        return Math.Clamp(top + (long)(noise / (double)int.MaxValue * top / 2), 0, long.MaxValue);
    }
}
