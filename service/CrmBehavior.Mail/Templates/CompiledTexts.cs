using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using CrmBehavior.Mail.Html;
using CrmBehavior.Mail.Templates.Binding;
using CrmBehavior.Mail.Templates.Functions;
using CrmBehavior.Mail.Templates.Syntax;
using CrmBehavior.Pipeline.Ports;
using HandlebarsDotNet;

namespace CrmBehavior.Mail.Templates;

/// <summary>Texts checked and compiled, kept by their content: the ones used last, within bounds.</summary>
sealed class CompiledTexts
{
    /// <summary>What stands for a missing value in texts that may have some.</summary>
    public const string Unknown = "(unknown)";

    readonly Lock gate = new();
    readonly LinkedList<Entry> byUse = new();
    readonly Dictionary<(TextMode, string), LinkedListNode<Entry>> entries = [];
    readonly Dictionary<TextMode, IHandlebars> renderers = [];
    int characters;

    public CompiledTexts()
    {
        foreach (TextMode mode in Enum.GetValues<TextMode>()) renderers[mode] = Renderer(mode);
    }

    sealed record Entry((TextMode, string Source) Key, Lazy<HandlebarsTemplate<TextWriter, object, object>> Template);

    /// <summary>How many are kept.</summary>
    public int Count
    {
        get { lock (gate) return entries.Count; }
    }

    /// <exception cref="TemplateException">The text is wrong.</exception>
    public HandlebarsTemplate<TextWriter, object, object> Get(TextMode mode, string source)
    {
        Entry entry;
        lock (gate) entry = Touch((mode, source));
        return entry.Template.Value;
    }

    Entry Touch((TextMode Mode, string Source) key)
    {
        if (entries.TryGetValue(key, out LinkedListNode<Entry>? node)) byUse.Remove(node);
        else
        {
            node = new(new Entry(key, new(() => Compile(key.Mode, key.Source))));
            entries[key] = node;
            characters += key.Source.Length;
        }
        byUse.AddLast(node);
        while (entries.Count > TemplateLimits.CachedTexts || (characters > TemplateLimits.CachedCharacters && entries.Count > 1))
        {
            Entry oldest = byUse.First!.Value;
            byUse.RemoveFirst();
            entries.Remove(oldest.Key);
            characters -= oldest.Key.Source.Length;
        }
        return node.Value;
    }

    HandlebarsTemplate<TextWriter, object, object> Compile(TextMode mode, string source)
    {
        IReadOnlyList<TemplateTag> tags = TemplateScanner.Scan(source);
        TemplateChecker.Check(tags);
        if (mode == TextMode.Html) ValuePlaces.Check(source, tags);
        try
        {
            using var reader = new StringReader(source);
            return renderers[mode].Compile(reader);
        }
#pragma warning disable CA1031 // What is wrong with a text must not become a fault of whoever shows it.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            throw new TemplateException("The text is no Handlebars: " + broken.Message, broken);
        }
    }

    static IHandlebars Renderer(TextMode mode)
    {
        var configuration = new HandlebarsConfiguration { FormatProvider = CultureInfo.InvariantCulture, NoEscape = mode != TextMode.Html };
        configuration.FormatterProviders.Add(new ValueTexts(mode == TextMode.Lenient ? Unknown : null));
        configuration.ObjectDescriptorProviders.Add(new ClosedDescriptors());
        IHandlebars handlebars = Handlebars.Create(configuration);
        TextFunctions.Register(handlebars);
        return handlebars;
    }
}
