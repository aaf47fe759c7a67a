using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using CrmBehavior.Acceptance.Tests.Crm;
using CrmBehavior.TestServers;
using Microsoft.Data.Sqlite;
using Xunit;

namespace CrmBehavior.Acceptance.Tests;

/// <summary>A sandbox and a service with the demonstration's definitions, shared by the tests that leave them well.</summary>
public class LoopFixture : IAsyncLifetime, IDisposable
{
    SandboxProcess? sandbox;
    ServiceProcess? service;
    CrmClient? crm;
    int contacts;

    internal SandboxProcess Sandbox => sandbox!;

    internal ServiceProcess Service => service!;

    internal CrmClient Crm => crm!;

    /// <summary>What the sandbox is told beside its definitions.</summary>
    protected virtual string[] Arguments => ["--clock", "2026-03-02T09:00:00Z"];

    /// <summary>Settings of the service beside those that the sandbox prints.</summary>
    protected virtual Dictionary<string, string> Settings => new() { ["Ingest__WebhookSecrets"] = "billing=hush", ["Ingest__IdentitySecret"] = "identity", ["Service__CrmKey"] = "retired,signing" };

    public async Task InitializeAsync()
    {
        sandbox = await SandboxProcess.StartAsync([.. Arguments, "--definitions", Path.Combine(BuiltProgram.Root, "tools", "Sandbox", "Demo", "Definitions")]);
        service = await ServiceProcess.StartAsync(sandbox, Settings);
        crm = new CrmClient(sandbox.Url);
        await sandbox.SettleAsync();
    }

    public async Task DisposeAsync()
    {
        if (service != null) await service.DisposeAsync();
        if (sandbox != null) await sandbox.DisposeAsync();
    }

    /// <summary>Runs a statement on the service's store, as an administrator might.</summary>
    /// <returns>How many rows it changed, or the first value that it found.</returns>
    internal long InStore(string sql, params (string Name, object Value)[] values)
    {
        SQLitePCL.Batteries_V2.Init();
        using var store = new SqliteConnection(Sandbox.Settings["Store__ConnectionString"]);
        store.Open();
        using SqliteCommand command = store.CreateCommand();
#pragma warning disable CA2100 // The tests' own constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach ((string name, object value) in values) command.Parameters.AddWithValue(name, value);
        return sql.StartsWith("SELECT", StringComparison.Ordinal) ? (long)command.ExecuteScalar()! : command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        crm?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Creates a contact in the CRM, as a person does.</summary>
    internal async Task<(Guid Id, string Email)> ContactAsync(params (string Column, JsonNode Value)[] more)
    {
        string email = string.Create(CultureInfo.InvariantCulture, $"person{++contacts}@example.com");
        var row = new JsonObject { ["firstname"] = "Person", ["lastname"] = "Number " + contacts, ["emailaddress1"] = email };
        foreach ((string column, JsonNode value) in more) row[column] = value;
        return ((Guid)(await Crm.CreateAsync("contacts", row))["contactid"]!, email);
    }

    /// <summary>Posts to the service.</summary>
    internal async Task<(int Status, string Body)> PostAsync(string route, string body, string? key = "sandbox", string type = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = new StringContent(body, Encoding.UTF8, type) };
        if (key != null) request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using HttpResponseMessage answer = await Service.Http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Consent to marketing mail, reported by a server.</summary>
    internal Task ConsentAsync(Guid contact) => PostAsync("/v1/track", new JsonObject
    {
        ["userId"] = contact.ToString(),
        ["event"] = "consent_changed",
        ["properties"] = new JsonObject { ["channel"] = "email", ["purpose"] = "marketing", ["granted"] = true },
    }.ToJsonString());

    internal Task TrackAsync(Guid contact, string name, JsonObject? properties = null, string? messageId = null) => PostAsync("/v1/track", new JsonObject
    {
        ["userId"] = contact.ToString(),
        ["event"] = name,
        ["messageId"] = messageId ?? Guid.NewGuid().ToString(),
        ["properties"] = properties,
    }.ToJsonString());

    /// <summary>What was accepted for one address, oldest first.</summary>
    internal async Task<IReadOnlyList<JsonObject>> MailsAsync(string email)
    {
        string text = await Sandbox.Http.GetStringAsync("/sandbox/mails");
        JsonNode parsed = JsonNode.Parse(text)!;
        JsonArray mails = parsed as JsonArray ?? parsed["value"]!.AsArray();
        return [.. mails.Select(m => m!.AsObject()).Where(m => m["to"]!.ToString().Contains(email, StringComparison.OrdinalIgnoreCase))];
    }
}

/// <summary>Tests of one loop run one after the other: they move its clock.</summary>
[CollectionDefinition(Name)]
public sealed class LoopCollection : ICollectionFixture<LoopFixture>
{
    public const string Name = "one loop";
}
