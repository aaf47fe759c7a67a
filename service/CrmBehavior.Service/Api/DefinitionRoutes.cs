using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Definitions;
using CrmBehavior.Definitions.Words;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Http;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Service.Api;

/// <summary>The definitions in force, and putting others in force.</summary>
internal static class DefinitionRoutes
{
    /// <summary>A definition in force.</summary>
    public sealed record DefinitionInForce(string Kind, string Name, int Version, bool IsPaused, IReadOnlyList<string> Words, JsonElement Definition);

    /// <summary>A set of definitions to be published.</summary>
    /// <param name="Definitions">The definitions with the files they stand in.</param>
    /// <param name="Reason">Why, for the version's record.</param>
    public sealed record Application(IReadOnlyList<ApplicationPart>? Definitions, string? Reason);

    /// <summary>One definition of a set.</summary>
    public sealed record ApplicationPart(string File, JsonElement Json);

    /// <summary>What came of it.</summary>
    public sealed record Applied(IReadOnlyList<string> Published, IReadOnlyList<string> Warnings);

    /// <summary>A set that is not sound.</summary>
    public sealed record Rejected(string Code, string Message, IReadOnlyList<string> Errors);

    public static IResult List(PlanHolder plans)
    {
        ActivePlan plan = plans.Current;
        return Results.Json(new
        {
            generation = plan.Generation,
            definitions = plan.Published.Where(p => p.IsCurrent).OrderBy(p => p.Kind, StringComparer.Ordinal).ThenBy(p => p.Name, StringComparer.Ordinal).Select(p =>
                new DefinitionInForce(p.Kind, p.Name, p.Version, p.IsPaused, WordsOf(plan, p), JsonDocument.Parse(p.Json).RootElement)),
        });
    }

    /// <summary>Holds the set against what is in force beside it, then publishes all that changed.</summary>
    public static async Task<IResult> ApplyAsync(Application body, PlanHolder plans, ICrmGateway crm, CancellationToken cancellation)
    {
        if (body.Definitions is not { Count: > 0 } given) return Answers.Error(StatusCodes.Status400BadRequest, "definitions: is missing: a list of objects with \"file\" and \"json\"");
        DefinitionSource[] sources = [.. given.Select(g => new DefinitionSource(g.File ?? "", g.Json.GetRawText()))];
        HashSet<(string, string)> own = [.. DefinitionSet.Read(sources).Definitions.Select(d => (d.Kind, d.Name))];
        IEnumerable<DefinitionSource> beside = plans.Current.Published.Where(p => p.IsCurrent && !own.Contains((p.Kind, p.Name))).Select(p => new DefinitionSource($"in force: {p.Kind} {p.Name}", p.Json));
        DefinitionSet set = DefinitionSet.Read(sources.Concat(beside));
        if (set.HasErrors) return Results.Json(new Rejected("invalid", "the definitions have errors; nothing was published", [.. set.Errors.Select(e => e.ToString())]), statusCode: StatusCodes.Status400BadRequest);
        Definition[] publishing = [.. set.InOrderOfUse().Where(d => own.Contains((d.Kind, d.Name)))];
        IReadOnlyList<string> published = await crm.PublishAsync([.. publishing.Select(d => (d.Kind, d.Name, set.Sources[d].Json))], body.Reason ?? "Applied", cancellation);
        return Results.Json(new Applied(published, [.. set.Diagnostics.Where(d => d.Severity == Severity.Warning).Select(d => d.ToString())]));
    }

    static IReadOnlyList<string> WordsOf(ActivePlan plan, PublishedDefinition published) =>
        plan.Definitions.FirstOrDefault(d => d.Kind == published.Kind && d.Name == published.Name) is { } definition ? DefinitionWords.Of(definition) : ["It is left out, because it cannot be read."];
}
