namespace Quorate.Simulator;

/// <summary>What one seed gave.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Operations">Client operations that were done.</param>
/// <param name="VirtualUs">Virtual time that passed.</param>
/// <param name="Hash">The hash of its events.</param>
/// <param name="Faults">How often each fault happened.</param>
/// <param name="Checker">Who objected; empty when clean.</param>
/// <param name="Objection">Why.</param>
internal sealed record SeedResult(
    ulong Seed, long Operations, long VirtualUs, ulong Hash, FaultTable Faults, string Checker, string Objection)
{
    public bool IsClean => Checker.Length == 0;

    /// <summary>Runs one seed from its beginning to its end.</summary>
    public static SeedResult Of(ulong seed, RunOptions options)
    {
        var cluster = new SimCluster(seed, options);
        var checker = "";
        var objection = "";
        try
        {
            cluster.Run();
        }
        catch (CheckerException fault)
        {
            checker = fault.Checker;
            objection = fault.Message;
        }
        catch (Exception fault) when (fault is not SimulatorException)
        {
            // Whatever product code lets escape is an objection too: in production it would end the process.
            checker = "Crash";
            objection = fault.ToString();
        }
        finally
        {
            cluster.Dispose();
        }

        return new SeedResult(
            seed, cluster.History.Completed, cluster.ElapsedUs, cluster.Hash, cluster.Table, checker,
            objection.Length == 0 ? "" : $"{objection}{Environment.NewLine}  {cluster.Plan}");
    }
}
