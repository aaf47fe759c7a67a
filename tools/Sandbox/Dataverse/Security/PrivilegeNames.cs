using System;
using System.Security.Cryptography;
using System.Text;
using CrmBehavior.Sandbox.Dataverse.Metadata;

namespace CrmBehavior.Sandbox.Dataverse.Security;

/// <summary>Names of privileges: <c>prv</c>, a verb, and the schema name of a table.</summary>
internal static class PrivilegeNames
{
    public const string ActOnBehalf = "prvActOnBehalfOfAnotherUser";

    /// <summary>The privilege for a verb (<c>Create</c>, <c>Read</c>, <c>Write</c>, <c>Delete</c>, <c>Append</c>, <c>AppendTo</c>, <c>Assign</c>) on
    /// a table.</summary>
    public static string Of(string verb, TableInfo table) => "prv" + verb + Subject(table);

    // All activities share the privileges of the activity; a few old tables are called otherwise.
    static string Subject(TableInfo table) => table.LogicalName switch
    {
        _ when table.Definition.IsActivity => "Activity",
        "activityparty" => "Activity",
        "queueitem" => "Queue",
        "systemuser" => "User",
        "annotation" => "Note",
        "savedquery" => "Query",
        "plugintracelog" => "PluginTraceLog",
        "asyncoperation" => "AsyncOperation",
        "systemuserroles" or "roleprivileges" or "teamroles" => "Role",
        _ => table.Definition.SchemaName,
    };

    /// <summary>A stable id for a privilege's row, since real ones are fixed too.</summary>
    public static Guid IdOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes("privilege:" + name.ToLowerInvariant())).AsSpan(0, 16));
}
