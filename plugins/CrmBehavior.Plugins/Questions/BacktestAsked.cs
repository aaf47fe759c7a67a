using CrmBehavior.Plugins.Json;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Questions;

/// <summary>The custom API <c>crmb_Backtest</c>: what a journey, published or not yet, would have done in the last days.</summary>
public sealed class BacktestAsked : PluginBase
{
    internal override void Run(PluginCall call)
    {
        Parameters.EitherOr(call, Parameters.Json, Parameters.Journey);
        if (call.Parameter(Parameters.Days) is not (int days and > 0)) throw new InvalidPluginExecutionException("Days is a whole number of at least 1.");
        JsonWriter parameters = new JsonWriter()
            .Add("json", Parameters.Optional(call, Parameters.Json))
            .Add("journey", Parameters.Optional(call, Parameters.Journey))
            .Add("days", days);
        ServiceAnswer answer = Service.Ask(call, "backtest", parameters, Service.Long);
        call.Context.OutputParameters[Parameters.Text] = answer.Text("text");
        call.Context.OutputParameters[Parameters.Json] = answer.Raw("report");
    }
}
