using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.IO;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Mail.Footer;
using CrmBehavior.Mail.Html;
using CrmBehavior.Mail.Templates.Syntax;
using CrmBehavior.Mail.Templates.Values;
using CrmBehavior.Pipeline.Ports;
using HandlebarsDotNet;

namespace CrmBehavior.Mail.Templates;

/// <summary>
/// Fills texts written in Handlebars: <c>if</c>, <c>unless</c>, <c>each</c>, <c>with</c>, and the functions <c>date</c>, <c>number</c> and
/// <c>money</c>. Texts see <c>contact</c>, <c>event</c>, <c>journey</c> and <c>links</c> as plain values, within <see cref="TemplateLimits"/>.
/// May be used by many threads at once.
/// </summary>
/// <param name="footer">Appended to mails; null for previews, which then need no links.</param>
public sealed class HandlebarsRenderer(MailFooter? footer = null) : ITextRenderer
{
    readonly CompiledTexts compiled = new();

    /// <summary>How many texts are kept compiled.</summary>
    internal int Kept => compiled.Count;

    /// <inheritdoc/>
    public string Render(string text, TemplateValues values)
    {
        var session = new RenderSession(FrozenDictionary<string, string>.Empty, CompiledTexts.Unknown);
        return Fill(TextMode.Lenient, text, new ValueTree(session).Root(values));
    }

    /// <inheritdoc/>
    public (string Subject, string Html, string Text) RenderMail(TemplateDefinition template, TemplateValues values)
    {
        var session = new RenderSession(template.Fallbacks, null);
        Scope root = new ValueTree(session).Root(values);
        string subject = Subject(Part(template, "subject", TextMode.Plain, template.Subject, root));
        string html = LinkGuard.Clean(Part(template, "html", TextMode.Html, template.Html, root));
        string text = template.Text is null ? PlainText.Of(html) : Part(template, "text", TextMode.Plain, template.Text, root);
        if (footer is not null) (html, text) = footer.Append(html, text, template.Purpose, values.Links);
        return (subject, html, text);
    }

    /// <summary>What is wrong with a template before any contact is known: one sentence for each text that cannot be compiled.</summary>
    /// <param name="template">The template.</param>
    /// <returns>Sentences with part, line and column; empty when all is well.</returns>
    public IReadOnlyList<string> Problems(TemplateDefinition template)
    {
        var problems = new List<string>();
        Try("subject", TextMode.Plain, template.Subject);
        Try("html", TextMode.Html, template.Html);
        if (template.Text is not null) Try("text", TextMode.Plain, template.Text);
        return problems;

        void Try(string part, TextMode mode, string source)
        {
            try
            {
                compiled.Get(mode, source);
            }
            catch (TemplateException problem)
            {
                problems.Add(part + ": " + problem.Message);
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlySet<string> ColumnsOf(params IEnumerable<string> texts)
    {
        var columns = new HashSet<string>(StringComparer.Ordinal);
        // A faulty tag shows nothing; rendering tells what is wrong with it.
        foreach (string text in texts) ContactColumns.AddTo(columns, TemplateScanner.ScanSound(text));
        return columns;
    }

    string Part(TemplateDefinition template, string part, TextMode mode, string source, Scope root)
    {
        try
        {
            return Fill(mode, source, root);
        }
        catch (TemplateException problem)
        {
            throw new TemplateException($"template {template.Name}, {part}: {problem.Message}", problem);
        }
    }

    string Fill(TextMode mode, string source, Scope root)
    {
        var writer = new BoundedWriter(TemplateLimits.OutputBytes);
        HandlebarsTemplate<TextWriter, object, object> template = compiled.Get(mode, source);
        try
        {
            template(writer, root, null!);
        }
#pragma warning disable CA1031 // Texts that it takes for sound make the library throw whatever it likes, an index out of range too.
        catch (Exception broken) when (broken is not TemplateException)
#pragma warning restore CA1031
        {
            throw broken.InnerException as TemplateException ?? new TemplateException("The text cannot be rendered: " + broken.Message, broken);
        }
        return writer.ToString();
    }

    static string Subject(string rendered)
    {
        string subject = rendered.Trim();
        if (subject.Length == 0) throw new TemplateException("The subject is empty; write one.");
        return HeaderText.IsClean(subject)
            ? subject
            : throw new TemplateException("The subject has a line break or a NUL in it; write it on one line, and show no value with several lines in it.");
    }
}
