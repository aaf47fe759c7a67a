using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Hosting;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Sandbox.Pages;

/// <summary><c>/definitions</c> and <c>/definitions/{id}</c>.</summary>
internal sealed class DefinitionPages(SandboxHost sandbox)
{
    const string Table = "crmb_definition", VersionTable = "crmb_definitionversion";
    static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    RowStore Store => sandbox.Organization.Store;

    bool IsInstalled => Store.Schema.Find(Table) is not null;

    public Task ListAsync(HttpContext context)
    {
        if (!IsInstalled) return Layout.WriteAsync(context, "Definitions", Html.Of($"<p>The solution CrmBehavior is not installed here.</p>"));
        Html rows = Store.Read(
            () => Html.Join(Store[Table].All.OrderBy(d => d.Text("crmb_kind"), StringComparer.Ordinal).ThenBy(d => d.Text("crmb_name"), StringComparer.Ordinal)
                .Select(d =>
            Html.Of($"<tr><td>{d.Text("crmb_kind")}</td><td><a href=\"/definitions/{d.Id}\">{d.Text("crmb_name")}</a></td><td>{Status(d)}</td><td class=\"number\">{d.Int("crmb_version")?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "–"}</td><td>{Shown.TimeElement(d["modifiedon"] as DateTime?)}</td></tr>"))));
        return Layout.WriteAsync(context, "Definitions", Html.Of($"""
            <div class="scroll"><table><thead><tr><th scope="col">Kind</th><th scope="col">Name</th><th scope="col">Status</th>
            <th scope="col" class="number">Live version</th><th scope="col">Changed</th></tr></thead><tbody>{rows}</tbody></table></div>
            """));
    }

    public Task OneAsync(HttpContext context, string id)
    {
        if (!IsInstalled || !Guid.TryParse(id, out Guid definitionId) || Store.Read(() => Store.Find(Table, definitionId)) is not { } definition)
            return Layout.NotFoundAsync(context, $"There is no definition '{id}'.");
        List<Row> versions = Store.Read(
            () => (Store[VersionTable].FindEqual("crmb_definitionid", new Lookup(Table, definitionId)) ?? []).OrderByDescending(v => v.Int("crmb_version"))
                .ToList());
        Html list = Html.Join(versions.Select(v => Html.Of($"""
            <section class="card"><h2>Version {v.Int("crmb_version")}</h2><p class="soft">{Shown.TimeElement(v["createdon"] as DateTime?)}</p><dl>
            <dt>Reason</dt><dd>{v.Text("crmb_reason")}</dd></dl><pre>{v.Text("crmb_diff")}</pre><details><summary>JSON</summary>
            <pre>{Pretty(v.Text("crmb_json"))}</pre></details></section>
            """)));
        return Layout.WriteAsync(context, definition.Text("crmb_name") ?? id, Html.Of($"""
            <p>{definition.Text("crmb_kind")} · {Status(definition)}</p><h2>Draft</h2><pre>{Pretty(definition.Text("crmb_json"))}</pre><h2>Versions</h2>{list}
            """));
    }

    string Status(Row definition) => Store.Schema[Table].Status?.Options.FirstOrDefault(o => o.Value == definition.Int("statuscode"))?.Label ?? "";

    static string Pretty(string? json)
    {
        if (json is null) return "";
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return JsonSerializer.Serialize(document.RootElement, Indented);
        }
        catch (JsonException)
        {
            return json;
        }
    }
}
