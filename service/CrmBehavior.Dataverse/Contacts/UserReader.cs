using System;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Dataverse.Connection;
using CrmBehavior.Dataverse.Query;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Dataverse.Contacts;

/// <summary>Asks what users of the CRM may read, and where they get mail.</summary>
sealed class UserReader(WebApi api)
{
    /// <summary>Reads the contact as that user; whatever the CRM then refuses, the user may not.</summary>
    public async Task<bool> MayReadAsync(Guid user, Guid contact, CancellationToken cancellation)
    {
        WebApiAnswer answer = await api.TrySendAsync(WebApiCall.Get(ODataText.Row("contacts", contact) + "?$select=contactid") with { Caller = user }, cancellation);
        if (answer.Fault is null) return true;
        // Our own token failing, or something in between, says nothing about the user.
        return answer.Fault is { Status: 400 or 403 or 404, Code: not null } ? false : throw answer.Fault.ToException();
    }

    /// <summary>The user's own address, or null.</summary>
    /// <exception cref="CrmException">The CRM did not answer, or refused.</exception>
    public async Task<string?> AddressAsync(Guid user, CancellationToken cancellation)
    {
        WebApiAnswer answer = await api.TrySendAsync(WebApiCall.Get(ODataText.Row("systemusers", user) + "?$select=internalemailaddress"), cancellation);
        if (answer.Fault is { } fault) return fault.IsGone ? null : throw fault.ToException();
        using JsonDocument row = JsonDocument.Parse(answer.Body);
        return row.RootElement.Text("internalemailaddress") is { Length: > 0 } address ? address : null;
    }
}
