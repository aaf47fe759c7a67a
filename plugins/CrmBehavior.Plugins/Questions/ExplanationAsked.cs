using System;
using System.Globalization;
using CrmBehavior.Plugins.Capture;
using CrmBehavior.Plugins.Json;

namespace CrmBehavior.Plugins.Questions;

/// <summary>The custom API <c>crmb_Explain</c>: why a definition did, or did not, concern a contact.</summary>
public sealed class ExplanationAsked : PluginBase
{
    internal override void Run(PluginCall call)
    {
        JsonWriter parameters = new JsonWriter()
            .Add("contactId", Parameters.Id(call, Parameters.ContactId))
            .Add("definition", Parameters.Required(call, Parameters.Definition));
        if (call.Parameter(Parameters.At) is DateTime at)
            parameters.Add("at", EventStart.Utc(at).ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture));
        ServiceAnswer answer = Service.Ask(call, "explain", parameters, Service.Short);
        call.Context.OutputParameters[Parameters.Text] = answer.Text("text");
        call.Context.OutputParameters[Parameters.Json] = answer.Raw("explanation");
    }
}
