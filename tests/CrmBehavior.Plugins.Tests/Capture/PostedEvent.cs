using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Platform;
using Microsoft.Xrm.Sdk;
using Shouldly;

namespace CrmBehavior.Plugins.Tests.Capture;

/// <summary>The event that a reader behind the bus would find.</summary>
sealed class PostedEvent
{
    readonly JsonElement json;

    PostedEvent(JsonElement json)
    {
        this.json = json;
    }

    internal string Name => json.GetProperty("name").GetString()!;

    internal string Id => json.GetProperty("id").GetString()!;

    internal string At => json.GetProperty("at").GetString()!;

    internal long RowVersion => json.GetProperty("rowVersion").GetInt64();

    internal bool Incomplete => json.TryGetProperty("incomplete", out JsonElement flag) && flag.GetBoolean();

    internal string[] Contacts => json.GetProperty("contactIds").EnumerateArray().Select(id => id.GetString()!).ToArray();

    internal Dictionary<string, JsonElement> Traits => Map("traits");

    internal Dictionary<string, JsonElement> Properties => Map("properties");

    internal string? Trait(string name) => Traits[name].ToString();

    internal static PostedEvent Only(PluginPlatform platform) => Of(platform.Posts.ShouldHaveSingleItem());

    internal static PostedEvent Last(PluginPlatform platform) => Of(platform.Posts[^1]);

    static PostedEvent Of(RemoteExecutionContext context) =>
        new(JsonDocument.Parse((string)context.SharedVariables[EventMessage.VariableName]).RootElement);

    Dictionary<string, JsonElement> Map(string name) =>
        json.TryGetProperty(name, out JsonElement map)
            ? map.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal)
            : [];
}
