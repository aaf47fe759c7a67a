using System.CommandLine;
using System.Threading.Tasks;

namespace CrmBehavior.LoopBenchmarks;

/// <summary>
/// Speed of the whole loop with real processes over real sockets: <c>dotnet run --project tests/LoopBenchmarks -c Release -- cdnow</c>.
/// Figures are of this machine, on which the sandbox works too; compare them with each other, not with a data centre.
/// </summary>
public static class Program
{
    /// <summary>Runs one of the benchmarks.</summary>
    /// <param name="args">Which, and its options.</param>
    /// <returns>0 when it ran.</returns>
    public static Task<int> Main(string[] args)
    {
        var store = new Option<string>("--store") { Description = "sqlite or postgres", DefaultValueFactory = _ => "sqlite" };
        var processes = new Option<int>("--processes") { Description = "Service processes side by side (more than one: postgres)", DefaultValueFactory = _ => 1 };
        var load = new Option<double>("--load") { Description = "Events per second offered meanwhile", DefaultValueFactory = _ => 0 };
        var cdnow = new Command("cdnow", "CDNOW's 6,919 orders, a day at a time, until the CRM has every row") { store };
        cdnow.SetAction((parsed, _) => CdnowReplay.RunAsync(parsed.GetValue(store)!));
        var latency = new Command("latency", "From HTTP accept to the row in the CRM, under a load") { store, load };
        latency.SetAction((parsed, _) => AcceptToRow.RunAsync(parsed.GetValue(store)!, parsed.GetValue(load)));
        var throughput = new Command("throughput", "Events per second from HTTP to commit and to the CRM") { store, processes };
        throughput.SetAction((parsed, _) => Throughput.RunAsync(parsed.GetValue(store)!, parsed.GetValue(processes)));
        var definitions = new Option<int>("--definitions") { Description = "How many definitions", DefaultValueFactory = _ => 200 };
        var rate = new Option<double>("--rate") { Description = "Events per second", DefaultValueFactory = _ => 500 };
        var seconds = new Option<int>("--seconds") { Description = "For how long", DefaultValueFactory = _ => 60 };
        var requests = new Command("requests", "CRM requests per 1,000 events under a steady load of the workload's behaviour") { store, definitions, rate, seconds };
        requests.SetAction((parsed, _) => SteadyLoad.RunAsync(parsed.GetValue(store)!, parsed.GetValue(definitions), parsed.GetValue(rate), parsed.GetValue(seconds)));
        var sizes = new Option<int[]>("--contacts") { Description = "How many contacts the store holds, one run each", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [10_000, 1_000_000, 5_000_000] };
        var growth = new Command("growth", "What an event costs, and how many bytes, while the store grows") { store, sizes };
        growth.SetAction((parsed, _) => Growth.RunAsync(parsed.GetValue(store)!, parsed.GetValue(sizes)!));
        var pending = new Option<int>("--contacts") { Description = "How many contacts have timers pending", DefaultValueFactory = _ => 1_000_000 };
        var timers = new Command("timers", "A look while nothing is due, and 100,000 due at once") { store, pending };
        timers.SetAction((parsed, _) => Timers.RunAsync(parsed.GetValue(store)!, parsed.GetValue(pending)));
        var recovery = new Command("recovery", "From kill -9 under load to ready again, and to all rows in the CRM") { store };
        recovery.SetAction((parsed, _) => Recovery.RunAsync(parsed.GetValue(store)!));
        return new RootCommand("Speed of the whole loop") { cdnow, latency, throughput, requests, growth, timers, recovery }.Parse(args).InvokeAsync();
    }
}
