using System;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Import;
using CrmBehavior.Sandbox.Dataverse.Messages;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.Sandbox.Dataverse.Security;

/// <summary>Users by token and by id, with what their roles allow.</summary>
internal sealed class CallerDirectory(RowStore store, InstalledSolutions solutions)
{
    static readonly string[] Relationships =
        ["systemuserroles_association", "roleprivileges_association", "teamroles_association", "teammembership_association"];
    readonly ConcurrentDictionary<Guid, (long Stamp, Caller Caller)> known = new();

    /// <summary>The platform's own user.</summary>
    public static Guid SystemId => SeedIds.SystemUser;

    /// <summary>The platform itself, which may do everything.</summary>
    public Caller System { get; } = new() { UserId = SeedIds.SystemUser, BusinessUnitId = SeedIds.BusinessUnit, IsUnrestricted = true };

    /// <summary>The user a bearer token stands for: <c>sandbox</c> the administrator, <c>sandbox:role</c> the user with that role; null for any
    /// other.</summary>
    public Caller? FromToken(string? authorization)
    {
        const string scheme = "Bearer ";
        if (authorization is null || !authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return null;
        Guid? user = authorization[scheme.Length..].Trim() switch
        {
            "sandbox" => SeedIds.Administrator,
            "sandbox:marketer" => SeedIds.Marketer,
            "sandbox:salesperson" => SeedIds.Salesperson,
            "sandbox:administrator" => SeedIds.ProductAdministrator,
            "sandbox:service" => SeedIds.Service,
            _ => null,
        };
        if (user is not { } id) return null;
        return FindUser(id, byObjectId: false) is null ? throw Failure.NotMember(id) : CallerOf(id, null);
    }

    /// <summary>A user with what the roles allow now; <paramref name="call"/> tells whether its transaction holds the lock already.</summary>
    public Caller CallerOf(Guid userId, CallContext? call)
    {
        if (userId == SystemId) return System;
        return call?.Transaction is null ? store.Read(() => Find(userId)) : Find(userId);
    }

    /// <summary>The enabled user with that id or Entra object id; null when there is none.</summary>
    public Guid? FindUser(Guid id, bool byObjectId) => store.Read(() => FindUserInTransaction(id, byObjectId));

    /// <summary>The same where the lock is held already.</summary>
    public Guid? FindUserInTransaction(Guid id, bool byObjectId)
    {
        Row? row = byObjectId ? store["systemuser"].All.FirstOrDefault(u => u["azureactivedirectoryobjectid"] is Guid oid && oid == id)
            : store.Find("systemuser", id);
        return row is null || row["isdisabled"] is true ? null : row.Id;
    }

    Caller Find(Guid userId)
    {
        long stamp = store["systemuser"].Changes + store["role"].Changes + Relationships.Sum(r => store.Links(r).Changes);
        if (known.TryGetValue(userId, out var cached) && cached.Stamp == stamp) return cached.Caller;
        Caller caller = Read(userId);
        known[userId] = (stamp, caller);
        return caller;
    }

    Caller Read(Guid userId)
    {
        HashSet<Guid> teams = [.. store.Links("teammembership_association").Others(userId, IsUserFirst("teammembership_association"))];
        HashSet<Guid> roles = [.. store.Links("systemuserroles_association").Others(userId, IsUserFirst("systemuserroles_association"))];
        foreach (Guid team in teams) roles.UnionWith(store.Links("teamroles_association").Others(team, Side("teamroles_association", "team")));
        var privileges = new Dictionary<string, PrivilegeDepth>(StringComparer.Ordinal);
        foreach (Guid role in roles)
        {
            foreach (Guid privilege in store.Links("roleprivileges_association").Others(role, Side("roleprivileges_association", "role")))
            {
                if (store.Find("privilege", privilege)?.Text("name") is not { } name) continue;
                PrivilegeDepth depth = solutions.DepthOf(role, privilege);
                string key = name.ToLowerInvariant();
                if (!privileges.TryGetValue(key, out PrivilegeDepth before) || depth > before) privileges[key] = depth;
            }
        }
        return new Caller
        {
            UserId = userId,
            BusinessUnitId = store.Find("systemuser", userId)?.Lookup("businessunitid")?.Id ?? SeedIds.BusinessUnit,
            IsUnrestricted = roles.Contains(SeedIds.SystemAdministratorRole),
            Privileges = privileges.ToFrozenDictionary(StringComparer.Ordinal),
            Teams = teams,
        };
    }

    bool IsUserFirst(string relationship) => Side(relationship, "systemuser");

    bool Side(string relationship, string table) => store.Schema.ManyToMany.First(r => r.Name == relationship).FirstTable == table;
}
