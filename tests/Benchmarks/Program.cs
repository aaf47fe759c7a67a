using System;
using System.Collections.Generic;
using System.Globalization;
using CrmBehavior.Benchmarks.Runs;

// dotnet run --project tests/Benchmarks -c Release -- engine|parse|definitions|contacts|overlap|state|replay|all [rounds]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string wanted = args.Length > 0 ? args[0] : "all";
int rounds = args.Length > 1 && int.TryParse(args[1], out int asked) ? Math.Clamp(asked, 1, 100) : 7;
var report = new Report(rounds);
var known = new Dictionary<string, Action>
{
    ["engine"] = report.Engine,
    ["parse"] = report.Parse,
    ["definitions"] = report.ManyDefinitions,
    ["contacts"] = report.ManyContacts,
    ["overlap"] = report.Overlap,
    ["state"] = report.State,
    ["replay"] = report.Replay,
};
if (wanted != "all" && !known.ContainsKey(wanted))
{
    Console.Error.WriteLine($"\"{wanted}\" is no measurement; write one of {string.Join(", ", known.Keys)}, or all, and how many rounds.");
    return 2;
}
foreach ((string name, Action run) in known)
{
    if (wanted != "all" && wanted != name) continue;
    Console.WriteLine(name);
    run();
}
return report.HasDifferences ? 1 : 0;
