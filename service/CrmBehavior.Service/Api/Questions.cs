using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using CrmBehavior.Engine.Time;
using CrmBehavior.Pipeline.Backtest;
using CrmBehavior.Pipeline.Definitions;
using CrmBehavior.Pipeline.Explain;
using CrmBehavior.Pipeline.Ports;
using CrmBehavior.Service.Http;
using Microsoft.AspNetCore.Http;

namespace CrmBehavior.Service.Api;

/// <summary>A question why.</summary>
/// <param name="ContactId">The contact.</param>
/// <param name="Definition">Name of a definition in force, or kind and name as <c>journey:welcome</c>.</param>
/// <param name="At">As of when: RFC 3339; left out for now.</param>
public sealed record ExplainQuestion(Guid? ContactId, string? Definition, string? At);

/// <summary>A definition to be checked.</summary>
/// <param name="Json">Its text.</param>
/// <param name="Others">Whether names are looked up among those in force; true when left out.</param>
public sealed record ValidateQuestion(string? Json, bool? Others);

/// <summary>A journey to be tried on the event log.</summary>
/// <param name="Json">Its text, or null.</param>
/// <param name="Journey">Name of one in force, where there is no text.</param>
/// <param name="Days">Of how many last days; 30 when left out.</param>
public sealed record BacktestQuestion(string? Json, string? Journey, int? Days);

/// <summary>An explanation.</summary>
/// <param name="Text">In plain words, several lines.</param>
/// <param name="Explanation">The same as JSON.</param>
public sealed record ExplainAnswer(string Text, JsonElement Explanation);

/// <summary>What is wrong with a definition, and what it says.</summary>
/// <param name="IsValid">Whether it can be published.</param>
/// <param name="Errors">What keeps it from that.</param>
/// <param name="Warnings">Legal, but there is a better form.</param>
/// <param name="Words">What it does, in plain English.</param>
public sealed record ValidateAnswer(bool IsValid, IReadOnlyList<TrialProblem> Errors, IReadOnlyList<TrialProblem> Warnings, string Words);

/// <summary>A backtest's report.</summary>
/// <param name="Text">As a table for people.</param>
/// <param name="Report">The figures.</param>
public sealed record BacktestAnswer(string Text, BacktestReport Report);

/// <summary>Answers what tools and the CRM ask about contacts and definitions; who may ask has been settled before.</summary>
internal static class Questions
{
    public static async Task<IResult> ExplainAsync(ExplainQuestion question, LiveExplainer explainer, CancellationToken cancellation)
    {
        if (question.ContactId is not { } contact) return Answers.Error(StatusCodes.Status400BadRequest, "contactId: is missing: the id of a contact");
        if (string.IsNullOrEmpty(question.Definition)) return Answers.Error(StatusCodes.Status400BadRequest, "definition: is missing: the name of a definition in force");
        long? at = null;
        if (!string.IsNullOrEmpty(question.At))
        {
            if (!Instant.TryParse(question.At, out long instant)) return Answers.Error(StatusCodes.Status400BadRequest, "at: write an RFC 3339 instant, as in 2026-02-01T00:00:00Z");
            at = instant;
        }
        try
        {
            Explanation explanation = await explainer.ExplainAsync(contact, question.Definition, at, cancellation);
            return Results.Json(new ExplainAnswer(explanation.Text, JsonDocument.Parse(explanation.Json).RootElement));
        }
        catch (ExplainException e)
        {
            return Answers.Error(StatusCodes.Status404NotFound, e.Message);
        }
    }

    public static IResult Validate(ValidateQuestion question, PlanHolder plans)
    {
        if (question.Json == null) return Answers.Error(StatusCodes.Status400BadRequest, "json: is missing: the text of a definition");
        DefinitionTrial trial = DefinitionTrial.Of(question.Json, plans.Current, question.Others ?? true);
        return Results.Json(new ValidateAnswer(trial.IsValid, trial.Errors, trial.Warnings, trial.Words));
    }

    public static async Task<IResult> BacktestAsync(BacktestQuestion question, LogBacktest backtest, CancellationToken cancellation)
    {
        try
        {
            BacktestReport report = await backtest.RunAsync(question.Json, question.Journey, question.Days ?? 30, cancellation);
            return Results.Json(new BacktestAnswer(string.Join('\n', BacktestWords.Of(report)), report));
        }
        catch (BacktestException e)
        {
            return Answers.Error(StatusCodes.Status400BadRequest, e.Message);
        }
    }

    /// <summary>Decisions per definition, effect and day, of the last days.</summary>
    public static async Task<IResult> StatisticsAsync(int? days, IProfileStore store, TimeProvider clock, CancellationToken cancellation)
    {
        if (days is < 1 or > 3650) return Answers.Error(StatusCodes.Status400BadRequest, "days: write a whole number from 1 to 3650");
        long today = Instant.From(clock.GetUtcNow()) / Duration.Day;
        IReadOnlyList<DecisionCount> counts = await store.CountDecisionsAsync((today - (days ?? 30) + 1) * Duration.Day, (today + 1) * Duration.Day, cancellation);
        return Results.Json(new
        {
            counts = counts.Select(c => new { day = Instant.ToText(c.Day * Duration.Day)[..10], kind = c.Kind, definition = c.Definition, effect = c.Effect, count = c.Count }),
        });
    }
}
