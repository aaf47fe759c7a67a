using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Query.Conditions;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.Sandbox.Dataverse.Values;

namespace CrmBehavior.Sandbox.Pages;

/// <summary>What the pages tell of contacts, read from the rows; call where rows can be read.</summary>
internal sealed class ContactFacts(RowStore store)
{
    const string TagRelationship = "crmb_contact_tag";

    /// <summary>Contacts whose name or address contains the text, highest rank first.</summary>
    public List<Row> Find(string? text) =>
        [.. store["contact"].All
            .Where(c => string.IsNullOrEmpty(text) || Has(c, "fullname", text) || Has(c, "emailaddress1", text))
            .OrderByDescending(c => c["crmb_rank"], ValueOrder.Instance).ThenBy(c => c.Text("fullname"), StringComparer.OrdinalIgnoreCase).ThenBy(c => c.Id)];

    /// <summary>Names of a contact's tags, in order.</summary>
    public IReadOnlyList<string> Tags(Guid contact)
    {
        if (store.Schema.ManyToMany.FirstOrDefault(r => r.Name == TagRelationship) is not { } both) return [];
        bool first = both.FirstTable == "contact";
        return [.. store.Links(TagRelationship).Others(contact, first)
            .Select(id => store.Find(first ? both.SecondTable : both.FirstTable, id)?.Text("crmb_name")).OfType<string>()
                .Order(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>A contact's scores by name.</summary>
    public IReadOnlyList<Row> Scores(Guid contact) => store.Schema.Find("crmb_contactscore") is null ? []
        : [.. (store["crmb_contactscore"].FindEqual("crmb_contactid", new Lookup("contact", contact)) ?? [])
            .OrderBy(s => s.Text("crmb_name"), StringComparer.Ordinal)];

    /// <summary>Activities regarding the contact, or with the contact among their parties, newest first.</summary>
    public IReadOnlyList<TimelineEntry> Activities(Guid contact)
    {
        var self = new Lookup("contact", contact);
        var found = new Dictionary<Guid, Row>();
        foreach (TableInfo table in store.Schema.ActivityTables)
            foreach (Row row in store[table.LogicalName].FindEqual("regardingobjectid", self) ?? []) found[row.Id] = row;
        foreach (Row party in store[ActivityParties.Table].FindEqual("partyid", self) ?? [])
            if (party.Lookup("activityid") is { } activity && store.Find(activity.Table, activity.Id) is { } row) found[row.Id] = row;
        return [.. found.Values.Select(Entry).OrderByDescending(e => e.At).ThenByDescending(e => e.Version)];
    }

    /// <summary>The name of a lookup's row; its id when it has none.</summary>
    public string NameOf(Lookup? lookup) => lookup is null ? "–" : Labels.NameOf(store, lookup) ?? lookup.Id.ToString();

    TimelineEntry Entry(Row row)
    {
        TableInfo table = store.Schema[row.Table];
        string? state = table.State is { } column && row.Int("statecode") is { } value ? column.Options.FirstOrDefault(o => o.Value == value)?.Label : null;
        return new TimelineEntry(
            row.Id,
            row.Table,
            table.Definition.Label.Length > 0 ? table.Definition.Label : row.Table,
            row.Text("subject") ?? "(no subject)",
            row.Text("description"),
            row["crmb_at"] as DateTime? ?? row["createdon"] as DateTime? ?? DateTime.UnixEpoch,
            row.Text("crmb_effect"),
            row.Text("crmb_definitionname"),
            state,
            row["scheduledend"] as DateTime?,
            NameOf(row.Lookup("ownerid")),
            row.Version.ToString(CultureInfo.InvariantCulture).PadLeft(20, '0'));
    }

    static bool Has(Row row, string column, string text) => row.Text(column)?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
}

/// <summary>One entry of a contact's timeline.</summary>
internal sealed record TimelineEntry(
    Guid Id, string Table, string Kind, string Subject, string? Description, DateTime At, string? Effect, string? Definition, string? State, DateTime? Due,
        string Owner, string Version);
