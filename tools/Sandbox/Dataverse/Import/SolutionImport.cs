using System;
using System.Collections.Generic;
using System.Linq;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using CrmBehavior.Sandbox.Bus;
using CrmBehavior.Sandbox.Dataverse.Errors;
using CrmBehavior.Sandbox.Dataverse.Metadata;
using CrmBehavior.Sandbox.Dataverse.Rows;
using CrmBehavior.SolutionPacker.Files;
using CrmBehavior.SolutionPacker.Reading;
using CrmBehavior.SolutionPacker.Solutions;

namespace CrmBehavior.Sandbox.Dataverse.Import;

/// <summary>
/// Imports solution zips and uninstalls them. An import of a higher (or the same) version is an upgrade: data stays, components that
/// the new zip lacks go. Everything of one import is one transaction.
/// </summary>
internal sealed class SolutionImport(Organization organization, MessageBus bus)
{
    RowStore Store => organization.Store;

    /// <summary>Imports; the outcome is in the row of the import job too.</summary>
    public void Import(byte[] zip, Guid importJobId, bool activatesSteps, IReadOnlyDictionary<string, string> variables)
    {
        Solution solution = Read(zip, importJobId);
        try
        {
            Store.Write(tx =>
            {
                ImportChecks.RefuseOlder(solution, organization.Solutions.Find(solution.UniqueName));
                ImportChecks.RefuseWithoutDependencies(solution, Store, organization.Solutions);
                ImportChecks.RefuseBroken(zip, solution);
                IReadOnlyList<Solution> all = organization.Solutions.With(solution);
                OrgSchema before = Store.Schema, after = OrgSchema.Build(organization.Standard, all);
                ImportChecks.RefuseColumnChanges(before, after);
                Guid solutionId = SolutionId(solution.UniqueName);
                var components = new ComponentRows(Store, tx, solutionId, solution.Managed, activatesSteps);
                Manifest(components, solution, solutionId);
                components.Write(solution);
                components.RemoveOthers();
                EnvironmentSettings.Apply(Store, tx, bus, solution, organization.ServiceUrl, variables);
                SchemaCleanup.Run(Store, tx, before, after);
                Job(tx, importJobId, solution, null);
                int position = all.ToList().IndexOf(solution);
                tx.AlsoWrite(w => w.Run(
                    "INSERT INTO crm_solution (name, position, zip) VALUES ($0, $1, $2) ON CONFLICT (name) DO UPDATE SET zip = excluded.zip",
                        solution.UniqueName, position, zip));
                tx.OnceCommitted(() => Become(all, after));
                return true;
            });
        }
        catch (DataverseException e)
        {
            FailedJob(importJobId, solution, e.Message);
            throw;
        }
    }

    /// <summary>Uninstalls a solution with its tables, columns and all their data.</summary>
    public void Uninstall(Guid solutionId) => Store.Write(tx =>
    {
        Row row = Store.Find("solution", solutionId) ?? throw Failure.NotFound("solution", solutionId);
        string name = row.Text("uniquename") ?? "";
        Solution solution = organization.Solutions.Find(name)
            ?? throw Failure.InvalidArgument($"The solution '{name}' belongs to the platform and cannot be uninstalled.");
        Dependents.Refuse(solution, organization.Solutions.All, Store);
        IReadOnlyList<Solution> rest = organization.Solutions.Without(name);
        OrgSchema before = Store.Schema, after = OrgSchema.Build(organization.Standard, rest);
        new ComponentRows(Store, tx, solutionId, isManaged: true, activatesSteps: false).RemoveOthers();
        tx.Remove(row);
        if (row.Lookup("publisherid") is { } publisher && publisher.Id != SeedIds.DefaultPublisher
            && Store["solution"].All.All(s => s.Lookup("publisherid") != publisher) && Store.Find("publisher", publisher.Id) is { } owner) tx.Remove(owner);
        SchemaCleanup.Run(Store, tx, before, after);
        tx.AlsoWrite(w => w.Run("DELETE FROM crm_solution WHERE name = $0", name));
        tx.OnceCommitted(() => Become(rest, after));
        return true;
    });

    /// <summary>Brings what the sandbox itself set in the environment up to this start.</summary>
    public void RefreshSettings() => Store.Write(tx =>
    {
        EnvironmentSettings.Refresh(Store, tx, organization.ServiceUrl);
        return true;
    });

    void Become(IReadOnlyList<Solution> solutions, OrgSchema schema)
    {
        organization.Solutions.Become(solutions);
        Store.Become(schema);
        GeneratedRows.Refresh(Store, solutions);
    }

    Solution Read(byte[] zip, Guid importJobId)
    {
        try
        {
            return SolutionReader.Read(zip);
        }
        catch (SolutionFormatException e)
        {
            string problem = e.Place.Path.Length == 0 ? e.Message : $"{e.Message} ({e.Place.Path})";
            FailedJob(importJobId, null, problem);
            throw new DataverseException(400, ErrorCodes.ImportInvalid, "The import file is invalid. " + problem, e);
        }
    }

    void Manifest(ComponentRows components, Solution solution, Guid solutionId)
    {
        Guid publisherId = Store["publisher"].All.FirstOrDefault(p => p.Text("uniquename") == solution.Publisher.UniqueName)?.Id
            ?? Stable("publisher:" + solution.Publisher.UniqueName);
        components.Put("publisher", publisherId, new()
        {
            ["uniquename"] = solution.Publisher.UniqueName,
            ["friendlyname"] = solution.Publisher.Label,
            ["customizationprefix"] = solution.Publisher.Prefix,
            ["customizationoptionvalueprefix"] = solution.Publisher.OptionValuePrefix,
        });
        components.Put("solution", solutionId, new()
        {
            ["uniquename"] = solution.UniqueName,
            ["friendlyname"] = solution.Label,
            ["version"] = solution.Version.ToString(),
            ["isvisible"] = true,
            ["publisherid"] = new Lookup("publisher", publisherId),
            ["installedon"] = Store.Find("solution", solutionId)?["installedon"] ?? Store.Clock.WholeSecond,
            ["updatedon"] = Store.Clock.WholeSecond,
        });
    }

    void FailedJob(Guid id, Solution? solution, string problem) => Store.Write(tx =>
    {
        Job(tx, id, solution, problem);
        return true;
    });

    void Job(RowTransaction tx, Guid id, Solution? solution, string? problem)
    {
        DateTime now = Store.Clock.WholeSecond;
        string result = problem is null ? "<result result=\"success\" />" : $"<result result=\"failure\" errortext=\"{SecurityElement.Escape(problem)}\" />";
        string name = solution?.UniqueName ?? "";
        new ComponentRows(Store, tx, Guid.Empty, isManaged: false, activatesSteps: false).Put("importjob", id, new()
        {
            ["name"] = "Customizations",
            ["solutionname"] = name,
            ["startedon"] = now,
            ["completedon"] = now,
            ["progress"] = problem is null ? 100d : 0d,
            ["data"] = $"<importexportxml succeeded=\"{(problem is null ? "true" : "false")}\"><solutionManifests><solutionManifest languagecode=\"1033\" id=\"{SecurityElement.Escape(name)}\">{result}</solutionManifest></solutionManifests></importexportxml>",
        });
    }

    /// <summary>The id of a solution's row, the same in every sandbox.</summary>
    public static Guid SolutionId(string uniqueName) => Stable("solution:" + uniqueName);

    static Guid Stable(string text) => new(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
