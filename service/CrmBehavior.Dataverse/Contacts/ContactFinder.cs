using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Query;

namespace CrmBehavior.Dataverse.Contacts;

/// <summary>Finds contacts by address and by id.</summary>
sealed class ContactFinder(WebApi api)
{
    /// <summary>Longer than any address that mail can have.</summary>
    const int LongestAddress = 320;

    /// <summary>The contact with an address: active ones first, then the one changed last, then the lowest id.</summary>
    public async Task<Guid?> FindAsync(string email, CancellationToken cancellation)
    {
        string address = email.Trim();
        if (address.Length is 0 or > LongestAddress) return null;
        // SQL Server orders ids by their last bytes first; of those changed in the same second the lowest is picked here.
        string query = ODataText.Address(
            "contacts", ("select", "contactid,statecode,modifiedon"), ("filter", ODataText.Equal("emailaddress1", address)),
                ("orderby", "statecode asc,modifiedon desc,contactid asc"), ("top", "50"));
        using JsonDocument answer = await api.ReadAsync(query, null, cancellation);
        List<JsonElement> found = [.. answer.RootElement.GetProperty("value").EnumerateArray()];
        if (found.Count == 0) return null;
        (string, string) first = Rank(found[0]);
        return found.TakeWhile(r => Rank(r) == first).Select(r => r.GetProperty("contactid").GetGuid()).MinBy(id => id.ToString("D"), StringComparer.Ordinal);
    }

    /// <summary>Whether there is a contact with an id.</summary>
    public async Task<bool> HasAsync(Guid contact, CancellationToken cancellation)
    {
        WebApiAnswer answer = await api.TrySendAsync(WebApiCall.Get(ODataText.Row("contacts", contact) + "?$select=contactid"), cancellation);
        if (answer.Fault is null) return true;
        return answer.Fault.IsGone ? false : throw answer.Fault.ToException();
    }

    static (string, string) Rank(JsonElement row) =>
        (row.GetProperty("statecode").GetRawText(), row.TryGetProperty("modifiedon", out JsonElement at) ? at.ToString() : "");
}
