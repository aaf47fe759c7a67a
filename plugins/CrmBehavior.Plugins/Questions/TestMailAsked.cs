using CrmBehavior.Plugins.Json;

namespace CrmBehavior.Plugins.Questions;

/// <summary>The custom API <c>crmb_SendTest</c>: sends the caller a mail as a contact would get it.</summary>
public sealed class TestMailAsked : PluginBase
{
    internal override void Run(PluginCall call)
    {
        Parameters.EitherOr(call, Parameters.Json, Parameters.Template);
        JsonWriter parameters = new JsonWriter()
            .Add("json", Parameters.Optional(call, Parameters.Json))
            .Add("template", Parameters.Optional(call, Parameters.Template))
            .Add("contactId", Parameters.Id(call, Parameters.ContactId));
        call.Context.OutputParameters[Parameters.Text] = Service.Ask(call, "send-test", parameters, Service.Short).Text("text");
    }
}
