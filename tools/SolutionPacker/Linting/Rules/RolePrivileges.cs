using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Schema;

namespace CrmBehavior.SolutionPacker.Linting.Rules;

/// <summary>Privileges of roles exist: a verb that the table has, or one that belongs to no table; none is there twice.</summary>
static class RolePrivileges
{
    static readonly string[] Verbs = ["Create", "Read", "Write", "Delete", "AppendTo", "Append", "Assign", "Share"];

    internal static IEnumerable<Finding> Check(LintSubject subject)
    {
        ILookup<string, Table> tables = subject.Standard.Tables.Concat(subject.Solution.Schema.Tables.Where(t => !t.IsExtension))
            .Where(t => t.PrivilegeName is not null).ToLookup(t => t.PrivilegeName!, StringComparer.OrdinalIgnoreCase);
        return subject.Files.Section("Roles")
            .SelectMany(role => role.Descendants("RolePrivilege").SelectMany(p => Privilege(subject, tables, p)).Concat(Repeated(role)));
    }

    static IEnumerable<Finding> Privilege(LintSubject subject, ILookup<string, Table> tables, XElement privilege)
    {
        string name = privilege.RequiredAttribute("name");
        if (PlatformPrivileges.Names.Contains(name)) yield break;
        string? verb = Array.Find(Verbs, v => name.StartsWith("prv" + v, StringComparison.Ordinal) && tables.Contains(name["prv".Length..][v.Length..]));
        if (verb is null)
        {
            yield return LintSubject.At(
                privilege, "unknown-privilege", $"there is no privilege {name}; it is prv, a verb ({string.Join(' ', Verbs)}) and the schema name of a table.");
            yield break;
        }
        Table table = tables[name["prv".Length..][verb.Length..]].First();
        foreach (Finding finding in subject.NeedTable(table.LogicalName, privilege)) yield return finding;
        bool owned = table.Ownership == Ownership.UserOwned;
        if (!owned && (verb is "Assign" or "Share"))
        {
            yield return LintSubject.At(privilege, "unknown-privilege", $"{table.LogicalName} has no owners, so there is no {name}.");
        }
        bool global = privilege.Attribute("level")?.Value == "Global";
        if (table.Ownership is Ownership.OrgOwned or Ownership.None && !global)
        {
            yield return LintSubject.At(privilege, "privilege-level", $"{table.LogicalName} belongs to the organisation; its privileges are Global or none.");
        }
    }

    static IEnumerable<Finding> Repeated(XElement role)
        => role.Descendants("RolePrivilege").GroupBy(p => p.Attribute("name")?.Value).Where(g => g.Count() > 1)
            .Select(g => LintSubject.At(g.Last(), "duplicate-name", $"the role has {g.Key} twice."));
}
