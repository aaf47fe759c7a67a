using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CrmBehavior.Definitions.Words;
using CrmBehavior.Engine.Time;

namespace CrmBehavior.Pipeline.Backtest;

/// <summary>A backtest's report as a table that people read.</summary>
public static class BacktestWords
{
    static readonly string[] FunnelHead = ["Step", "What", "Reached", "Share", "Then"], MessageHead = ["Message", "Sent", "Put off", "Held back", "By"];

    /// <summary>The report as lines.</summary>
    /// <param name="report">The report.</param>
    /// <returns>The lines.</returns>
    public static IReadOnlyList<string> Of(BacktestReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        List<string> lines = [$"The journey \"{report.Journey}\" on {N(report.Events)} events of {N(report.Contacts)} contacts{Range(report)}:", ""];
        lines.Add(report.Enrolled == 0 ? "Nobody would have come in." : $"{N(report.ContactsIn)} contacts would have come in, {N(report.Enrolled)} times in all.");
        foreach ((string reason, long count) in report.Refused.OrderByDescending(r => r.Value)) lines.Add($"  {N(count)} times the trigger fired in vain: {ReasonWords.Refused(reason)}.");
        if (report.Enrolled == 0) return lines;
        lines.Add("");
        lines.AddRange(Funnel(report));
        if (report.Messages.Count > 0)
        {
            lines.Add("");
            lines.AddRange(Messages(report));
        }
        lines.Add("");
        lines.Add($"Conversions: {N(report.Converted)} ({Percent(report.Converted, report.Enrolled)}){(report.MedianTimeToConversion is { } time ? $", half of them within {time}" : "")}.");
        foreach ((string outcome, long count) in report.Exited.OrderByDescending(e => e.Value)) lines.Add($"  {N(count)} ended: {outcome} ({Percent(count, report.Enrolled)})");
        if (report.Running > 0) lines.Add($"  {N(report.Running)} are still on their way at the end.");
        lines.Add("");
        lines.Add($"To look closer, explain one of: {string.Join(", ", report.Examples)}");
        return lines;
    }

    static string Range(BacktestReport report) =>
        (report.From is { } from && Instant.TryParse(from, out long begin) ? " from " + TimeWords.At(begin) : "") + (Instant.TryParse(report.To, out long end) ? " until " + TimeWords.At(end) : "");

    static IEnumerable<string> Funnel(BacktestReport report)
    {
        var rows = new List<string[]> { FunnelHead };
        rows.AddRange(report.Steps.Select(s => new[]
        {
            new string(' ', s.Depth * 2) + s.Id, Short(s.Words), N(s.Reached), Percent(s.Reached, report.Enrolled), string.Join(", ", s.Outcomes.Select(o => $"{o.Key} {N(o.Value)}")),
        }));
        return Table(rows, right: [2, 3]);
    }

    static IEnumerable<string> Messages(BacktestReport report)
    {
        var rows = new List<string[]> { MessageHead };
        rows.AddRange(report.Messages.Select(m => new[]
        {
            Short($"{(m.Action == "sendEmail" ? "mail" : m.Action == "notifySales" ? "task" : "call")} \"{m.What}\""), N(m.Sent), N(m.PutOff), N(m.HeldInAll), string.Join(", ", m.Held.Select(h => $"{h.Key} {N(h.Value)}")),
        }));
        return Table(rows, right: [1, 2, 3]);
    }

    static IEnumerable<string> Table(List<string[]> rows, int[] right)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length))];
        foreach ((string[] row, int index) in rows.Select((r, i) => (r, i)))
        {
            yield return string.Join("  ", row.Select((cell, c) => right.Contains(c) ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]))).TrimEnd();
            if (index == 0) yield return new string('-', widths.Sum() + 2 * (widths.Length - 1));
        }
    }

    static string Short(string text) => text.Length <= 60 ? text : text[..59] + "…";

    static string N(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    static string Percent(long part, long whole) => whole == 0 ? "" : (100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
