using System;
using System.Collections.Generic;
using System.Text.Json;

namespace CrmBehavior.Dataverse.Tests.Servers;

/// <summary>A request as it came to the server, alone or inside a batch.</summary>
sealed record CrmRequest(string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>A query option, decoded; empty when it is not there.</summary>
    public string Option(string name) => Query.GetValueOrDefault("$" + name, "");

    public bool Is(string method, string path) => Method == method && Path == path;

    public bool IsMessage(string message) => Path.EndsWith("/Microsoft.Dynamics.CRM." + message, StringComparison.Ordinal);
}

/// <summary>What the server answers.</summary>
sealed record CrmReply(int Status, string Body = "", params (string Name, string Value)[] Headers)
{
    public static readonly CrmReply Done = new(204);

    public static CrmReply Fail(int status, string code, string message, params (string Name, string Value)[] headers) =>
        new(status, JsonSerializer.Serialize(new { error = new { code, message } }), headers);

    public static CrmReply Missing(string table, Guid id) => Fail(404, "0x80040217", $"{table} With Id = {id} Does Not Exist");

    public static CrmReply Duplicate() => Fail(412, "0x80040237", "A record with matching key values already exists.");

    public static CrmReply Rows(params object[] rows) => new(200, JsonSerializer.Serialize(new { value = rows }));

    public static CrmReply Json(object value) => new(200, JsonSerializer.Serialize(value));
}
