using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Security;
using CrmBehavior.Sandbox.Storage;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.Sandbox.Dataverse.Import;

/// <summary>The solutions in this organisation, in order of import; their zips are kept and read again at each start.</summary>
internal sealed class InstalledSolutions
{
    volatile IReadOnlyList<Solution> all;
    volatile FrozenDictionary<(Guid Role, Guid Privilege), PrivilegeDepth> depths;

    public InstalledSolutions(Journal journal)
    {
        all = [.. journal.Read("SELECT zip FROM crm_solution ORDER BY position", r => (byte[])r.GetValue(0)).Select(zip => SolutionReader.Read(zip))];
        depths = Depths(all);
    }

    public IReadOnlyList<Solution> All => all;

    public Solution? Find(string uniqueName) => all.FirstOrDefault(s => s.UniqueName == uniqueName);

    /// <summary>How far a privilege of a role reaches; one given by hand reaches everything.</summary>
    public PrivilegeDepth DepthOf(Guid role, Guid privilege) => depths.TryGetValue((role, privilege), out PrivilegeDepth depth) ? depth : PrivilegeDepth.Global;

    /// <summary>The list with a solution added, or put in the place of its earlier version.</summary>
    public IReadOnlyList<Solution> With(Solution solution) =>
        Find(solution.UniqueName) is { } old ? [.. all.Select(s => s == old ? solution : s)] : [.. all, solution];

    /// <summary>The list without a solution.</summary>
    public IReadOnlyList<Solution> Without(string uniqueName) => [.. all.Where(s => s.UniqueName != uniqueName)];

    /// <summary>Takes the list as it is from now on.</summary>
    public void Become(IReadOnlyList<Solution> changed)
    {
        all = changed;
        depths = Depths(changed);
    }

    static FrozenDictionary<(Guid, Guid), PrivilegeDepth> Depths(IReadOnlyList<Solution> solutions) => solutions.SelectMany(s => s.Roles)
        .SelectMany(r => r.Privileges.Select(p => (Key: (r.Id, PrivilegeNames.IdOf(p.Name)), p.Depth)))
        .GroupBy(p => p.Key).ToFrozenDictionary(g => g.Key, g => g.Max(p => p.Depth));
}
