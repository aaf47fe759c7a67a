using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using CrmBehavior.Simulation.Tests.Planted;

namespace CrmBehavior.Simulation.Tests;

/// <summary>
/// Runs seeds from the command line and prints those that break something:
/// <c>dotnet run --project tests/CrmBehavior.Simulation.Tests -c Release -- --seeds 10000 [--from N] [--bug NAME] [--notes] [--trace]</c>; <c>--bugs</c> tells
/// which seed catches each planted bug first.
/// </summary>
public static class Program
{
    public static int Main(string[] arguments)
    {
        int seeds = (int)Number(arguments, "--seeds", 1000), from = (int)Number(arguments, "--from", 1), broken = 0;
        Bug bug = Array.IndexOf(arguments, "--bug") is >= 0 and int at ? Enum.Parse<Bug>(arguments[at + 1]) : Bug.None;
        bool tellsAll = arguments.Contains("--notes");
        if (arguments.Contains("--bugs")) return TellBugs(seeds);
        long steps = 0, slowest = 0;
        var clock = Stopwatch.StartNew();
        for (int seed = from; seed < from + seeds; seed++)
        {
            long began = clock.ElapsedMilliseconds;
            var simulation = new Simulation(seed, bug);
            if (tellsAll) simulation.World.Notes = [];
            IReadOnlyList<string> problems = simulation.Run();
            steps += simulation.World.Steps;
            slowest = Math.Max(slowest, clock.ElapsedMilliseconds - began);
            if (tellsAll) Console.WriteLine(string.Join('\n', simulation.World.Notes!));
            if (arguments.Contains("--trace")) Console.WriteLine(simulation.World.Trace.ToString(CultureInfo.InvariantCulture));
            if (problems.Count == 0) continue;
            broken++;
            Console.WriteLine($"seed {seed}, {simulation.ProcessCount} processes, {problems.Count} problems: {string.Join("\n    ", problems.Take(4))}");
        }
        Console.Error.WriteLine($"{seeds} seeds from {from}, {broken} broken; {clock.Elapsed.TotalMilliseconds / seeds:0.0} ms a seed, the slowest {slowest} ms, {steps / seeds} steps a seed.");
        return broken == 0 ? 0 : 1;
    }

    /// <summary>Which seed catches each planted bug first.</summary>
    static int TellBugs(int most)
    {
        int missed = 0;
        foreach (Bug bug in Enum.GetValues<Bug>().Except([Bug.None]))
        {
            IReadOnlyList<string> problems = [];
            int seed = Enumerable.Range(1, most).FirstOrDefault(s => (problems = new Simulation(s, bug).Run()).Count > 0);
            if (seed == 0) missed++;
            Console.WriteLine(seed == 0 ? $"{bug}: MISSED by {most} seeds" : $"{bug}: seed {seed}: {problems[0].Split('\n')[0]}");
        }
        return missed;
    }

    static double Number(string[] arguments, string name, double otherwise) =>
        Array.IndexOf(arguments, name) is >= 0 and int at ? double.Parse(arguments[at + 1], CultureInfo.InvariantCulture) : otherwise;
}
