using System;
using System.Collections.Generic;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.Sandbox.Dataverse.Protocol;

/// <summary>
/// Finds the row that an address in a body names: absolute, relative to the service root with or without slash, by id or by alternate
/// key, or a content id of the same change set (<c>$1</c>).
/// </summary>
internal sealed class References(RowStore store, string serviceRoot, IReadOnlyDictionary<string, string>? contentIds)
{
    /// <summary>The row that a navigation property is to name.</summary>
    public Lookup Find(string address, Navigation navigation, TableInfo owner)
    {
        Lookup found = Find(address);
        bool ownerColumn = owner.Columns.TryGetValue(navigation.Column, out Column? column) && column.Type == ColumnType.Owner;
        bool fits = found.Table == navigation.Target || ownerColumn && found.Table is "systemuser" or "team" || navigation.Target == "activitypointer"
            && store.Schema[found.Table].IsActivity;
        if (!fits) throw Failure.BadPayload($"A '{found.Table}' cannot stand in '{navigation.Name}', which leads to '{navigation.Target}'.");
        return found;
    }

    /// <summary>The row that an address names.</summary>
    public Lookup Find(string address)
    {
        string text = address;
        if (text.StartsWith('$'))
        {
            string id = text[1..];
            if (contentIds is null || !contentIds.TryGetValue(id, out string? known))
                throw Failure.BadRequest($"Content-ID Reference: '{text}' does not exist in the batch context.");
            text = known;
        }
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? absolute) && absolute.Scheme is "http" or "https")
        {
            string path = absolute!.AbsolutePath;
            int api = path.IndexOf("/api/data/v", StringComparison.OrdinalIgnoreCase);
            int behind = api < 0 ? -1 : path.IndexOf('/', api + "/api/data/v".Length);
            if (behind < 0) throw Failure.BadPayload($"The address '{address}' does not lie under {serviceRoot}.");
            text = path[(behind + 1)..];
        }
        ResourcePath resource = ResourcePath.Parse(text);
        if (resource.Segments is not [{ Arguments: { } arguments } segment]) throw Failure.BadPayload($"The address '{address}' names no row; write /set(id).");
        TableInfo table = store.Schema.FindSet(segment.Name) ?? throw Failure.NoSuchSet(segment.Name);
        KeyArguments key = KeyArguments.Parse(table, arguments);
        Row row = key.Get(store, table);
        return new Lookup(row.Table, row.Id);
    }
}
