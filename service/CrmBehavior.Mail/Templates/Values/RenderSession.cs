using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Mail.Templates.Values;

/// <summary>One rendering: what stands for missing values, and how much looping is left.</summary>
/// <param name="fallbacks">What stands for a missing value, by path; items of lists also without their number.</param>
/// <param name="unknown">What stands for a missing value without a fallback, or null to refuse.</param>
sealed class RenderSession(IReadOnlyDictionary<string, string> fallbacks, string? unknown)
{
    int rounds;

    public bool HasFallback(string path) => Fallback(path) is not null;

    public string TextFor(string path) => Fallback(path) ?? unknown ?? throw NoValue(path);

    /// <summary>Counts the rounds of a loop before it runs.</summary>
    public void Loop(string path, int count)
    {
        if (count > TemplateLimits.LoopRounds)
            throw new TemplateException($"{{{{#each {path}}}}} has {count} rounds, more than {TemplateLimits.LoopRounds}; loop over a shorter list.");
        rounds += count;
        if (rounds > TemplateLimits.AllRounds)
            throw new TemplateException($"The loops of this text have more than {TemplateLimits.AllRounds} rounds together; loop over shorter lists.");
    }

    static TemplateException NoValue(string path)
    {
        string root = path.Split('.')[0];
        string mend = TextRoots.Names.Contains(root)
            ? $"write one under fallbacks, \"{path}\":\"…\", or put the place into {{{{#if {path}}}}}."
            : "a text sees contact, event, journey and links.";
        return new TemplateException($"{{{{{path}}}}} has no value and no fallback; {mend}");
    }

    string? Fallback(string path)
    {
        if (fallbacks.Count == 0) return null;
        return fallbacks.TryGetValue(path, out string? text) || fallbacks.TryGetValue(WithoutNumbers(path), out text) ? text : null;
    }

    static string WithoutNumbers(string path) => string.Join('.', path.Split('.').Where(p => !int.TryParse(p, out _)));
}
