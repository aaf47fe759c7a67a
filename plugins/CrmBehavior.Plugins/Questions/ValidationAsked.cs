using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Plugins.Json;

namespace CrmBehavior.Plugins.Questions;

/// <summary>The custom API <c>crmb_Validate</c>: whether a definition is right, together with those that are live, and what it says in words.</summary>
public sealed class ValidationAsked : PluginBase
{
    internal override void Run(PluginCall call)
    {
        JsonWriter parameters = new JsonWriter().Add("json", Parameters.Required(call, Parameters.Json)).Add("others", true);
        ServiceAnswer answer = Service.Ask(call, "validate", parameters, Service.Short);
        call.Context.OutputParameters[Parameters.IsValid] = answer.Flag("isValid");
        call.Context.OutputParameters[Parameters.Problems] =
            string.Join("\n", Lines("Error", answer.Items("errors")).Concat(Lines("Warning", answer.Items("warnings"))));
        call.Context.OutputParameters[Parameters.Words] = answer.TextOrNull("words") ?? "";
        call.Context.OutputParameters[Parameters.Details] = answer.Json;
    }

    static IEnumerable<string> Lines(string word, IReadOnlyList<JsonNode> problems) => problems.Select(problem =>
    {
        string pointer = problem.Member("pointer")?.Text ?? "";
        return word + (pointer.Length > 0 ? " at " + pointer : "") + ": " + problem.Member("message")?.Text;
    });
}
