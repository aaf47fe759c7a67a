using System;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Metadata;
using CrmBehavior.Dataverse.Query;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Variables;

/// <summary>
/// Values of environment variables: what the environment sets, else the solution's default. Kept for half a minute; when the CRM cannot be
/// asked, the last one known.
/// </summary>
sealed class EnvironmentVariables(WebApi api, TimeProvider time)
{
    readonly Kept<string, string?> values = new(time, TimeSpan.FromSeconds(30));
    readonly Kept<string, string?> last = new(time, TimeSpan.FromDays(3650));

    public async Task<string?> FindAsync(string name, CancellationToken cancellation)
    {
        try
        {
            string? value = await values.GetAsync(name, ReadAsync, cancellation);
            last.Set(name, value);
            return value;
        }
        catch (CrmException e) when (e.IsTransient && last.TryGet(name, out string? known))
        {
            return known;
        }
    }

    async Task<string?> ReadAsync(string name, CancellationToken cancellation)
    {
        string definitions = ODataText.Address(
            "environmentvariabledefinitions", ("select", "environmentvariabledefinitionid,defaultvalue"),
                ("filter", ODataText.Equal("schemaname", name)), ("top", "1"));
        JsonElement definition = (await api.ReadRowsAsync(definitions, null, cancellation)).FirstOrDefault();
        if (definition.ValueKind != JsonValueKind.Object) return null;
        Guid id = definition.GetProperty("environmentvariabledefinitionid").GetGuid();
        string rows = ODataText.Address("environmentvariablevalues", ("select", "value"),
            ("filter", ODataText.Equal("_environmentvariabledefinitionid_value", id)), ("top", "1"));
        JsonElement set = (await api.ReadRowsAsync(rows, null, cancellation)).FirstOrDefault();
        return set.Text("value") ?? definition.Text("defaultvalue");
    }
}
