using System;
using System.Collections.Generic;
using System.Linq;

namespace CrmBehavior.Mail.Templates.Syntax;

/// <summary>Holds the tags of a text against what is available, and its blocks against each other; every fault is told with line and column.</summary>
static class TemplateChecker
{
    static readonly string[] Blocks = ["if", "unless", "each", "with"];

    /// <summary>Functions by name, with the least and the greatest number of their arguments.</summary>
    static readonly Dictionary<string, (int Least, int Most, string Form)> Functions = new(StringComparer.Ordinal)
    {
        ["date"] = (1, 3, "{{date event.startsAt \"d MMMM yyyy HH:mm\" \"Europe/Berlin\"}}"),
        ["number"] = (1, 2, "{{number event.count \"#,0\"}}"),
        ["money"] = (1, 2, "{{money event.total \"EUR\"}}"),
    };

    /// <exception cref="Pipeline.Ports.TemplateException">The text is wrong.</exception>
    public static void Check(IReadOnlyList<TemplateTag> tags)
    {
        var open = new Stack<(TemplateTag Tag, bool HasElse)>();
        foreach (TemplateTag tag in tags)
        {
            switch (tag.Kind)
            {
                case TagKind.Value:
                    CheckValue(tag);
                    break;
                case TagKind.Open:
                    CheckBlock(tag, tag.Words);
                    open.Push((tag, false));
                    if (open.Count > TemplateLimits.Nesting)
                        throw tag.Place.Problem($"blocks are nested deeper than {TemplateLimits.Nesting}; write a flatter text.");
                    break;
                case TagKind.Else:
                    CheckElse(tag, open);
                    break;
                case TagKind.Close:
                    CheckClose(tag, open);
                    break;
            }
        }
        if (open.TryPeek(out var left)) throw left.Tag.Place.Problem($"{{{{#{left.Tag.Head}}}}} is never closed; write {{{{/{left.Tag.Head}}}}}.");
    }

    static void CheckValue(TemplateTag tag)
    {
        if (tag.Words.Count == 0) throw tag.Place.Problem("there is nothing between the braces.");
        if (Functions.ContainsKey(tag.Head) || tag.Words.Count > 1 || tag.Words[0].Kind == WordKind.Call) CheckCall(tag, tag.Words);
    }

    static void CheckCall(TemplateTag tag, IReadOnlyList<TagWord> words)
    {
        if (words is [{ Kind: WordKind.Call } only])
        {
            CheckCall(tag, only.Inner);
            return;
        }
        string name = words[0].Text;
        if (Blocks.Contains(name)) throw tag.Place.Problem($"a block begins with #; write {{{{#{name} …}}}} … {{{{/{name}}}}}.");
        if (words[0].Kind != WordKind.Path || !Functions.TryGetValue(name, out var function))
        {
            string known = string.Join(", ", Functions.Keys);
            throw tag.Place.Problem($"there is no function '{name}'; there are {known}. A value is one path: {{{{contact.firstname}}}}.");
        }
        int count = words.Count - 1;
        if (count < function.Least || count > function.Most)
            throw tag.Place.Problem($"'{name}' is written {function.Form}. A value of that name is this.{name}.");
        foreach (TagWord word in words.Skip(1)) CheckArgument(tag, word, isBlock: false);
    }

    static void CheckArgument(TemplateTag tag, TagWord word, bool isBlock)
    {
        if (word.Key is not null && !(isBlock && word.Key == "includeZero")) throw tag.Place.Problem($"'{word.Key}=' is not known here; leave it out.");
        if (word.Kind == WordKind.Call) CheckCall(tag, word.Inner);
    }

    static void CheckBlock(TemplateTag tag, IReadOnlyList<TagWord> words)
    {
        string name = words.Count == 0 ? "" : words[0].Text;
        if (!Blocks.Contains(name)) throw tag.Place.Problem($"there is no block '{name}'; there are {string.Join(", ", Blocks)}.");
        if (words.Count(w => w.Key is null) != 2) throw tag.Place.Problem($"'{name}' asks for one value; write {{{{#{name} contact.firstname}}}}.");
        foreach (TagWord word in words.Skip(1)) CheckArgument(tag, word, isBlock: name is "if" or "unless");
    }

    static void CheckElse(TemplateTag tag, Stack<(TemplateTag Tag, bool HasElse)> open)
    {
        if (!open.TryPop(out var block)) throw tag.Place.Problem("this else belongs to no block; take it away, or open one before it.");
        if (block.HasElse) throw tag.Place.Problem($"the block opened at {block.Tag.Place} has its else already.");
        if (tag.Words.Count > 0) CheckBlock(tag, tag.Words);
        open.Push((block.Tag, tag.Words.Count == 0));
    }

    static void CheckClose(TemplateTag tag, Stack<(TemplateTag Tag, bool HasElse)> open)
    {
        string close = $"{{{{/{tag.Head}}}}}";
        if (!open.TryPop(out var block)) throw tag.Place.Problem($"{close} closes nothing; take it away, or open the block before it.");
        string head = block.Tag.Head;
        if (head == tag.Head) return;
        throw tag.Place.Problem($"{close} does not close {{{{#{head}}}}}, opened at {block.Tag.Place}; write {{{{/{head}}}}}.");
    }
}
