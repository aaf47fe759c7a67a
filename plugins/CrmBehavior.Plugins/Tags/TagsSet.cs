using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Contracts;
using CrmBehavior.Plugins.Json;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Tags;

/// <summary>
/// The custom API <c>crmb_SetTags</c>: puts tags on contacts and takes them off, for up to a thousand contacts in one call and one
/// transaction. What is so already stays and is not counted.
/// </summary>
public sealed class TagsSet : PluginBase
{
    internal override void Run(PluginCall call)
    {
        IReadOnlyList<TagChange> changes = TagPairs.Read(call.Parameter(SetTagsParameters.Pairs) as string);
        IOrganizationService rows = call.AsCaller();
        Guid[] contacts = changes.Select(change => change.Contact).Distinct().ToArray();
        HashSet<Guid> there = TagRows.Contacts(rows, contacts);
        TagChange[] possible = changes.Where(change => there.Contains(change.Contact)).ToArray();

        int changed = 0;
        var on = new List<TagChange>();
        Dictionary<string, Guid> tags = TagRows.Tags(rows, possible.Select(change => change.Tag).Distinct(StringComparer.OrdinalIgnoreCase).ToArray());
        foreach (IGrouping<string, TagChange> tag in possible.GroupBy(change => change.Tag, StringComparer.OrdinalIgnoreCase))
        {
            if (tags.TryGetValue(tag.Key, out Guid id)) changed += Set(call, rows, id, tag.ToArray(), on);
            else if (tag.FirstOrDefault(change => change.Wanted) is TagChange wanted) changed += Set(call, rows, TagRows.Create(rows, wanted.Tag), tag.ToArray(), on);
        }

        call.Context.OutputParameters[SetTagsParameters.Changed] = changed;
        call.Context.OutputParameters[SetTagsParameters.Missing] = Missing(contacts.Where(contact => !there.Contains(contact)));
        call.Context.OutputParameters[SetTagsParameters.There] = There(on);
        call.Trace("Changed " + changed + " of " + changes.Count + ".");
    }

    // By tag, since few tags go to many contacts. The links are read as the system: their table has no rows that somebody owns.
    static int Set(PluginCall call, IOrganizationService rows, Guid tag, TagChange[] changes, List<TagChange> on)
    {
        HashSet<Guid> tagged = TagRows.Tagged(call.AsSystem(), tag, changes.Select(change => change.Contact).ToArray());
        on.AddRange(changes.Where(change => change.Wanted && tagged.Contains(change.Contact)));
        EntityReferenceCollection added = References(changes.Where(change => change.Wanted && !tagged.Contains(change.Contact)));
        EntityReferenceCollection removed = References(changes.Where(change => !change.Wanted && tagged.Contains(change.Contact)));
        var links = new Relationship(CrmNames.ContactTag);
        if (added.Count > 0) rows.Associate(CrmNames.Tag, tag, links, added);
        if (removed.Count > 0) rows.Disassociate(CrmNames.Tag, tag, links, removed);
        return added.Count + removed.Count;
    }

    static EntityReferenceCollection References(IEnumerable<TagChange> changes) =>
        new EntityReferenceCollection(changes.Select(change => new EntityReference(TagRows.Contact, change.Contact)).ToList());

    static string There(IEnumerable<TagChange> on) =>
        "[" + string.Join(",", on.Select(change => new JsonWriter().Add("contact", change.Contact.ToString("D")).Add("tag", change.Tag).ToString())) + "]";

    static string Missing(IEnumerable<Guid> contacts) => "[" + string.Join(",", contacts.Select(contact => "\"" + contact.ToString("D") + "\"")) + "]";
}
