namespace Quorate.Mvcc;

/// <summary>Answers a <see cref="RangeQuery"/>: finds, filters, sorts, cuts, and only then copies.</summary>
internal static unsafe class RangeReader
{
    /// <summary>Reads under a root that stands at <paramref name="current"/>.</summary>
    /// <param name="reader">The root.</param>
    /// <param name="query">What to read.</param>
    /// <param name="current">The root's revision, told in the answer.</param>
    /// <param name="newest">The revision that "the newest" means.</param>
    /// <param name="compact">The root's compact revision.</param>
    public static RangeResult Read(
        in KvReader reader, in RangeQuery query, Revision current, long newest, Revision compact)
    {
        var error = Judge(query, current, compact);
        if (error != ReadError.None)
        {
            return new RangeResult { Error = error, Revision = current };
        }

        var revision = query.Revision <= 0 ? newest : query.Revision;
        var found = new List<nint>();
        var count = KeyRange.IsSingle(query.RangeEnd.Span)
            ? FindOne(reader, query, revision, found)
            : FindRange(reader, query, revision, found);
        return Answer(query, found, count, current);
    }

    /// <summary>Whether the revision of a query can be read. etcd: exactly the compact revision can.</summary>
    public static ReadError Judge(in RangeQuery query, Revision current, Revision compact)
    {
        if (query.Revision <= 0)
        {
            return ReadError.None;
        }

        if (query.Revision > current.Value)
        {
            return ReadError.FutureRevision;
        }

        return query.Revision < compact.Value ? ReadError.Compacted : ReadError.None;
    }

    // What is sorted in another order, or filtered, must be seen whole before it is cut. With no order and another
    // target than the key etcd cuts by key first and sorts then.
    private static long KeepMax(in RangeQuery query)
    {
        if (query.CountOnly)
        {
            return 0;
        }

        var cutsFirst = !query.Filters
            && (query.Order == SortOrder.None || (query.Order, query.OrderBy) == (SortOrder.Ascend, SortTarget.Key));
        return cutsFirst && query.Limit > 0 ? query.Limit : long.MaxValue;
    }

    private static long FindOne(in KvReader reader, in RangeQuery query, long revision, List<nint> found)
    {
        var record = reader.Find(query.Key.Span, revision);
        if (record is null)
        {
            return 0;
        }

        if (!query.CountOnly && Passes(record, query))
        {
            found.Add((nint)record);
        }

        return 1;
    }

    private static long FindRange(in KvReader reader, in RangeQuery query, long revision, List<nint> found)
    {
        var keepMax = KeepMax(query);
        var count = 0L;
        var (cursor, end) = reader.Seek(query.Key.Span, query.RangeEnd.Span);
        for (; !cursor.IsAt(end); cursor.MoveNext())
        {
            var record = reader.VersionAt(cursor.Value, revision);
            if (record is null)
            {
                continue;
            }

            count++;
            if (found.Count < keepMax && Passes(record, query))
            {
                found.Add((nint)record);
            }
        }

        return count;
    }

    private static bool Passes(Record* record, in RangeQuery query)
    {
        if (!query.Filters)
        {
            return true;
        }

        return IsWithin(record->ModRevision, query.MinModRevision, query.MaxModRevision)
            && IsWithin(record->CreateRevision, query.MinCreateRevision, query.MaxCreateRevision);
    }

    private static bool IsWithin(long revision, long min, long max) =>
        (min == 0 || revision >= min) && (max == 0 || revision <= max);

    private static RangeResult Answer(in RangeQuery query, List<nint> found, long count, Revision current)
    {
        Sort(found, query);
        var limit = query.Limit > 0 ? query.Limit : long.MaxValue;
        var kept = (int)Math.Min(found.Count, limit);
        var kvs = new KeyValue[kept];
        for (var i = 0; i < kept; i++)
        {
            kvs[i] = Record.ToKeyValue((Record*)found[i], query.KeysOnly);
        }

        // When the cut came first, what was cut off was never gathered.
        var gathered = KeepMax(query) == long.MaxValue ? found.Count : count;
        return new RangeResult
        {
            Kvs = kvs,
            Count = count,
            More = !query.CountOnly && gathered > limit,
            Revision = current,
        };
    }

    private static void Sort(List<nint> found, in RangeQuery query)
    {
        if (query.OrderBy != SortTarget.Key)
        {
            var target = query.OrderBy;
            var sign = query.Order == SortOrder.Descend ? -1 : 1;

            // Equal ones stay in key order, so that every node answers alike.
            found.Sort((left, right) =>
            {
                var order = sign * Compare((Record*)left, (Record*)right, target);
                return order != 0 ? order : Compare((Record*)left, (Record*)right, SortTarget.Key);
            });
        }
        else if (query.Order == SortOrder.Descend)
        {
            found.Reverse();
        }
    }

    private static int Compare(Record* left, Record* right, SortTarget target) => target switch
    {
        SortTarget.Version => left->Version.CompareTo(right->Version),
        SortTarget.CreateRevision => left->CreateRevision.CompareTo(right->CreateRevision),
        SortTarget.ModRevision => left->ModRevision.CompareTo(right->ModRevision),
        SortTarget.Value => Record.Value(left).SequenceCompareTo(Record.Value(right)),
        _ => Record.Key(left).SequenceCompareTo(Record.Key(right)),
    };
}
