using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Simulation.Tests.Outside;

/// <summary>The CRM itself: contacts, rows by id, tags. A row belongs to a contact and goes with it.</summary>
public sealed class SimulatedCrm
{
    public Dictionary<Guid, Dictionary<string, object?>> Contacts { get; } = [];

    /// <summary>Rows by entity set and id, with the contact they belong to.</summary>
    public Dictionary<(string Set, Guid Id), (Guid Contact, Dictionary<string, object?> Columns)> Rows { get; } = [];

    public HashSet<(Guid Contact, string Tag)> Tags { get; } = [];

    public List<PublishedDefinition> Definitions { get; } = [];

    /// <summary>Contacts that were deleted.</summary>
    public HashSet<Guid> Deleted { get; } = [];

    /// <summary>Rows of these are refused for good: a customer's plug-in throws.</summary>
    public HashSet<Guid> Refused { get; } = [];

    /// <summary>Since when and until when it wants to hear nothing, per process.</summary>
    public Dictionary<string, (TimeSpan Since, TimeSpan Until)> Pauses { get; } = new(StringComparer.Ordinal);

    /// <summary>Requests that came although it had asked for none.</summary>
    public int Intruded { get; set; }

    public void Delete(Guid contact)
    {
        Contacts.Remove(contact);
        Deleted.Add(contact);
        foreach ((string, Guid) row in Rows.Where(r => r.Value.Contact == contact).Select(r => r.Key).ToArray()) Rows.Remove(row);
        Tags.RemoveWhere(t => t.Contact == contact);
    }

    public CrmResult Write(CrmWrite write, bool makesGhosts)
    {
        switch (write)
        {
            case CreateRow row:
                if (!Contacts.ContainsKey(OwnerOf(row.Columns))) return new CrmResult(CrmOutcome.Gone);
                if (row.Set == "tasks" && Refused.Contains(OwnerOf(row.Columns))) return new CrmResult(CrmOutcome.Refused, "the plug-in of the customer says no");
                return Rows.TryAdd((row.Set, row.Id), (OwnerOf(row.Columns), new Dictionary<string, object?>(row.Columns))) ? new CrmResult(CrmOutcome.Done) : new CrmResult(CrmOutcome.WasSo);
            case UpsertRow row:
                if (!Contacts.ContainsKey(OwnerOf(row.Columns))) return new CrmResult(CrmOutcome.Gone);
                Rows[(row.Set, row.Id)] = (OwnerOf(row.Columns), new Dictionary<string, object?>(row.Columns));
                return new CrmResult(CrmOutcome.Done);
            case UpdateRow row:
                if (!Contacts.TryGetValue(row.Id, out Dictionary<string, object?>? columns))
                {
                    if (!makesGhosts) return new CrmResult(CrmOutcome.Gone);
                    Contacts.Add(row.Id, columns = []);
                }
                foreach ((string column, object? value) in row.Columns) columns[column] = value;
                return new CrmResult(CrmOutcome.Done);
            case SetTag tag:
                if (!Contacts.ContainsKey(tag.Contact)) return new CrmResult(CrmOutcome.Gone);
                bool changes = tag.Wanted ? Tags.Add((tag.Contact, tag.Tag)) : Tags.Remove((tag.Contact, tag.Tag));
                return new CrmResult(changes ? CrmOutcome.Done : CrmOutcome.WasSo);
            case QueueTask queued: return new CrmResult(Rows.ContainsKey(("tasks", queued.Task)) ? CrmOutcome.Done : CrmOutcome.Gone);
            default: throw new InvalidOperationException($"What is {write}?");
        }
    }

    /// <summary>The contact that a row is bound to.</summary>
    static Guid OwnerOf(IReadOnlyDictionary<string, object?> columns)
    {
        string bound = (string)columns.First(c => c.Value is string text && text.StartsWith("/contacts(", StringComparison.Ordinal)).Value!;
        return Guid.Parse(bound["/contacts(".Length..^1], CultureInfo.InvariantCulture);
    }
}
