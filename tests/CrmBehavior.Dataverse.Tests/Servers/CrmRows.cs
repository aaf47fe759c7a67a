using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CrmBehavior.Dataverse.Tests.Servers;

/// <summary>Rows by set and id with the platform's rules for keys: bulk messages are all or nothing, a change with If-Match never makes a row.</summary>
sealed partial class CrmRows
{
    static readonly Dictionary<string, string> Keys = new() { ["contacts"] = "contactid", ["tasks"] = "activityid", ["crmb_touchpoints"] = "activityid", ["crmb_contactscores"] = "crmb_contactscoreid", ["crmb_tags"] = "crmb_tagid" };
    readonly ConcurrentDictionary<(string Set, Guid Id), Dictionary<string, JsonElement>> rows = new();
    readonly HashSet<(Guid Contact, Guid Tag)> links = [];
    readonly object gate = new();

    /// <summary>Tables with bulk messages.</summary>
    public HashSet<string> Bulk { get; } = ["contact", "task", "crmb_touchpoint", "crmb_contactscore"];

    /// <summary>Navigation properties as the environment spells them.</summary>
    public List<string> Navigations { get; } = [];

    /// <summary>Says what is wrong with a row, or null.</summary>
    public Func<string, IReadOnlyDictionary<string, JsonElement>, CrmReply?> Check { get; set; } = (_, _) => null;

    public int Count(string set) => rows.Keys.Count(k => k.Set == set);

    public void Put(string set, Guid id, object columns) =>
        rows[(set, id)] = JsonSerializer.SerializeToElement(columns).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.Clone(), StringComparer.Ordinal);

    public void Remove(string set, Guid id) => rows.TryRemove((set, id), out _);

    public JsonElement? Find(string set, Guid id, string column) => rows.TryGetValue((set, id), out var row) && row.TryGetValue(column, out JsonElement value) ? value : null;

    public bool Has(string set, Guid id) => rows.ContainsKey((set, id));

    public bool IsLinked(Guid contact, Guid tag)
    {
        lock (gate) return links.Contains((contact, tag));
    }

    public CrmReply Answer(CrmRequest request)
    {
        lock (gate)
        {
            if (request.Path == "sdkmessagefilters") return Bulk.Any(t => request.Option("filter").EndsWith($"eq '{t}'", StringComparison.Ordinal)) ? CrmReply.Rows(new { sdkmessagefilterid = Guid.NewGuid() }) : CrmReply.Rows();
            if (request.Path.StartsWith("RelationshipDefinitions", StringComparison.Ordinal)) return CrmReply.Rows([.. Navigations.Select(n => new { ReferencingEntityNavigationPropertyName = n })]);
            if (request.Method == "GET" && IdsOf().Match(request.Option("filter")) is { Success: true } match) return Listed(request, match.Groups["set"].Value, match.Groups["ids"].Value);
            if (Message().Match(request.Path) is { Success: true } message) return Bulked(message.Groups["set"].Value, message.Groups["name"].Value, request.Json.GetProperty("Targets"));
            if (Link().Match(request.Path) is { Success: true } link) return Linked(request, Guid.Parse(link.Groups["id"].Value), link.Groups["tag"].Value);
            if (RowPath().Match(request.Path) is { Success: true } row) return OnRow(request, row.Groups["set"].Value, Guid.Parse(row.Groups["id"].Value));
            if (request.Method == "POST" && Keys.ContainsKey(request.Path)) return Created(request.Path, request.Json) ?? CrmReply.Done;
            if (request.Path == "crmb_tags") return CrmReply.Rows([.. rows.Where(r => r.Key.Set == "crmb_tags" && request.Option("filter").Contains($"'{r.Value["crmb_name"].GetString()}'", StringComparison.OrdinalIgnoreCase))
                .Select(r => new { crmb_tagid = r.Key.Id, crmb_name = r.Value["crmb_name"].GetString() })]);
            return CrmReply.Fail(404, "0x8006088a", $"Resource not found for the segment '{request.Path}'.");
        }
    }

    CrmReply Listed(CrmRequest request, string column, string list)
    {
        string set = request.Path;
        HashSet<Guid> ids = [.. list.Split(',').Select(i => Guid.Parse(i.Trim('\'')))];
        string[] select = request.Option("select").Split(',');
        return CrmReply.Rows([.. rows.Where(r => r.Key.Set == set && ids.Contains(r.Key.Id)).Select(r =>
        {
            var shown = r.Value.Where(c => select.Contains(c.Key.Split('@')[0])).ToDictionary(c => c.Key, c => (object?)c.Value);
            shown[column] = r.Key.Id;
            return shown;
        })]);
    }

    CrmReply Bulked(string set, string name, JsonElement targets)
    {
        var before = rows.ToDictionary(r => r.Key, r => new Dictionary<string, JsonElement>(r.Value));
        foreach (JsonElement target in targets.EnumerateArray())
        {
            if (target.GetProperty("@odata.type").GetString() is not ['M', 'i', 'c', 'r', 'o', ..]) return CrmReply.Fail(400, "0x80048d19", "@odata.type is missing.");
            Guid id = target.GetProperty(Keys[set]).GetGuid();
            CrmReply? failed = name == "CreateMultiple" ? Created(set, target) : name == "UpdateMultiple" && !Has(set, id) ? CrmReply.Missing(set, id) : Changed(set, id, target);
            if (failed is null) continue;
            rows.Clear();
            foreach (var row in before) rows[row.Key] = row.Value;
            return failed;
        }
        return name == "CreateMultiple" ? CrmReply.Json(new { Ids = targets.EnumerateArray().Select(t => t.GetProperty(Keys[set]).GetGuid()) }) : CrmReply.Done;
    }

    CrmReply? Created(string set, JsonElement body)
    {
        Guid id = body.GetProperty(Keys[set]).GetGuid();
        if (Has(set, id)) return CrmReply.Duplicate();
        return Changed(set, id, body);
    }

    CrmReply? Changed(string set, Guid id, JsonElement body)
    {
        var columns = body.EnumerateObject().Where(p => p.Name != "@odata.type").ToDictionary(p => p.Name, p => p.Value.Clone(), StringComparer.Ordinal);
        if (Check(set, columns) is { } wrong) return wrong;
        Dictionary<string, JsonElement> row = rows.GetOrAdd((set, id), _ => []);
        foreach (var column in columns) row[column.Key] = column.Value;
        return null;
    }

    CrmReply OnRow(CrmRequest request, string set, Guid id)
    {
        if (request.Method == "GET") return Has(set, id) ? CrmReply.Json(new Dictionary<string, object> { [Keys[set]] = id }) : CrmReply.Missing(set, id);
        if (request.Method != "PATCH") return CrmReply.Fail(405, "0x8006088b", "Method not allowed.");
        bool mustExist = request.Headers.GetValueOrDefault("If-Match") == "*";
        return mustExist && !Has(set, id) ? CrmReply.Missing(set, id) : Changed(set, id, request.Json) ?? CrmReply.Done;
    }

    CrmReply Linked(CrmRequest request, Guid contact, string tag)
    {
        if (!Has("contacts", contact)) return CrmReply.Missing("contact", contact);
        Guid id = tag.Length > 0 ? Guid.Parse(tag) : Guid.Parse(RowPath().Match(request.Json.GetProperty("@odata.id").GetString()!.Split('/')[^1]).Groups["id"].Value);
        if (!Has("crmb_tags", id)) return CrmReply.Missing("crmb_tag", id);
        if (request.Method == "POST") return links.Add((contact, id)) ? CrmReply.Done : CrmReply.Duplicate();
        return links.Remove((contact, id)) ? CrmReply.Done : CrmReply.Fail(404, "0x80040217", "The relationship row does not exist.");
    }

    [GeneratedRegex(@"^Microsoft\.Dynamics\.CRM\.In\(PropertyName='(?<set>\w+)',PropertyValues=\[(?<ids>[^\]]+)\]\)$")]
    private static partial Regex IdsOf();

    [GeneratedRegex(@"^(?<set>\w+)/Microsoft\.Dynamics\.CRM\.(?<name>\w+Multiple)$")]
    private static partial Regex Message();

    [GeneratedRegex(@"^contacts\((?<id>[0-9a-f-]{36})\)/crmb_contact_tag(\((?<tag>[0-9a-f-]{36})\))?/\$ref$")]
    private static partial Regex Link();

    [GeneratedRegex(@"^(?<set>\w+)\((?<id>[0-9a-f-]{36})\)$")]
    private static partial Regex RowPath();
}
