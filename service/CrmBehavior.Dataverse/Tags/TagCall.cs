using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Contracts;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Writing;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Tags;

/// <summary>Sets the tags of many contacts with one request, by the solution's own message <c>crmb_SetTags</c>. It may be repeated.</summary>
sealed class TagCall(WebApi api)
{
    /// <summary>Pairs of contact and tag that one call takes.</summary>
    const int Most = 1000;

    /// <summary>The environment has a solution from before the message.</summary>
    bool isUnknown;

    /// <summary>Sets the result of all that it can; the others keep none and are to be tried one by one.</summary>
    public async Task TryAsync(IReadOnlyList<TagUnit> units, CancellationToken cancellation)
    {
        foreach (TagUnit[] some in units.Chunk(Most))
        {
            if (isUnknown) return;
            WebApiAnswer answer = await api.TrySendAsync(WebApiCall.Post(CrmNames.SetTags, RowJson.Write(json => WriteBody(json, some))), cancellation);
            if (answer.Fault is null) Note(some, answer.Body);
            else if (answer.Fault.IsUnknownAddress) isUnknown = true;
            else if (answer.Fault.IsTransient)
            {
                foreach (TagUnit unit in some) unit.Result = answer.Fault.ToResult();
            }
            // Otherwise one of them spoils the call for all.
        }
    }

    static void WriteBody(Utf8JsonWriter json, IEnumerable<TagUnit> units)
    {
        var pairs = units.GroupBy(u => u.Contact).Select(own => new
        {
            contact = own.Key,
            add = own.Where(u => u.Wanted).Select(u => u.Tag),
            remove = own.Where(u => !u.Wanted).Select(u => u.Tag),
        });
        json.WriteStartObject();
        json.WriteString("Pairs", JsonSerializer.Serialize(pairs));
        json.WriteEndObject();
    }

    static void Note(IEnumerable<TagUnit> units, byte[] body)
    {
        using JsonDocument answer = JsonDocument.Parse(body);
        HashSet<Guid> missing = [.. List(answer, "Missing").Select(m => m.GetGuid())];
        HashSet<(Guid, string)> there = [.. List(answer, "There").Select(t => (t.GetProperty("contact").GetGuid(), t.GetProperty("tag").GetString()!.ToUpperInvariant()))];
        foreach (TagUnit unit in units)
        {
            unit.Result = new CrmResult(missing.Contains(unit.Contact) ? CrmOutcome.Gone : there.Contains((unit.Contact, unit.Tag.ToUpperInvariant())) ? CrmOutcome.WasSo : CrmOutcome.Done);
        }
    }

    /// <summary>A list that the answer holds as text.</summary>
    static IReadOnlyList<JsonElement> List(JsonDocument answer, string name)
    {
        if (!answer.RootElement.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.String) return [];
        using JsonDocument list = JsonDocument.Parse(value.GetString()!);
        return [.. list.RootElement.EnumerateArray().Select(e => e.Clone())];
    }
}
