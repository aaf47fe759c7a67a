using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Contacts;

/// <summary>
/// Which contacts have changed, by change tracking: the first reading goes through all and ends with a link, which later tells what has
/// changed since. Source: Microsoft's "Use change tracking to synchronize data with external systems".
/// </summary>
sealed class ContactChangeFeed(WebApi api)
{
    const string First = "contacts?$select=contactid", Tracked = "odata.track-changes,odata.maxpagesize=5000";

    public async Task<ContactChanges> ReadAsync(string? token, CancellationToken cancellation)
    {
        if (token == null) return new ContactChanges([], [], await FollowAsync(First, _ => { }, cancellation));
        var changed = new List<(Guid, string)>();
        var deleted = new List<Guid>();
        void note(JsonElement row)
        {
            if (row.TryGetProperty("reason", out _)) deleted.Add(row.GetProperty("id").GetGuid());
            else changed.Add((row.GetProperty("contactid").GetGuid(), row.TryGetProperty("@odata.etag", out JsonElement tag) ? tag.GetString()!.Trim('W', '/', '"') : "0"));
        }
        try
        {
            return new ContactChanges(changed, deleted, await FollowAsync(AddressOf(token), note, cancellation));
        }
        catch (CrmException e) when (e.Code == ErrorCodes.VersionStampExpired)
        {
            // Links grow old: after some days (seven, unless set otherwise) the CRM refuses them. Any other refusal may end (a privilege that
            // was taken away is given back), and what has changed until then must still be found.
            return new ContactChanges([], [], await FollowAsync(First, _ => { }, cancellation), IsExpired: true);
        }
    }

    /// <summary>What a link asks for, without the host: an environment may have been given another name since.</summary>
    static string AddressOf(string link) => Uri.TryCreate(link, UriKind.Absolute, out Uri? absolute) && absolute.Scheme != Uri.UriSchemeFile ? absolute.PathAndQuery : link;

    /// <summary>Reads page after page; answers the link with which to go on later.</summary>
    async Task<string> FollowAsync(string address, Action<JsonElement> note, CancellationToken cancellation)
    {
        while (true)
        {
            using JsonDocument page = await api.ReadAsync(address, Tracked, cancellation);
            foreach (JsonElement row in page.RootElement.GetProperty("value").EnumerateArray()) note(row);
            if (page.RootElement.TryGetProperty("@odata.deltaLink", out JsonElement delta)) return delta.GetString()!;
            address = page.RootElement.TryGetProperty("@odata.nextLink", out JsonElement next)
                ? next.GetString()!
                : throw new CrmException("Change tracking is not enabled for contacts: in the table's settings, switch on \"Track changes\".", isTransient: false);
        }
    }
}
