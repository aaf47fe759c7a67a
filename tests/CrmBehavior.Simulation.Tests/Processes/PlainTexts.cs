using System;
using System.Collections.Generic;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Pipeline.Dispatch;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Simulation.Tests.Processes;

/// <summary>Texts as they are written.</summary>
public sealed class PlainRenderer : ITextRenderer
{
    static readonly HashSet<string> None = [];

    public string Render(string text, TemplateValues values) => text;

    public (string Subject, string Html, string Text) RenderMail(TemplateDefinition template, TemplateValues values)
    {
        ArgumentNullException.ThrowIfNull(template);
        return (template.Subject, template.Html, "");
    }

    public IReadOnlySet<string> ColumnsOf(params IEnumerable<string> texts) => None;
}

/// <summary>Mails without links.</summary>
public sealed class NoLinks : IMailLinks
{
    static readonly Dictionary<string, string> None = [];

    public IReadOnlyDictionary<string, string> Links(Guid contact, string purpose) => None;

    public IReadOnlyDictionary<string, string> Headers(string purpose, IReadOnlyDictionary<string, string> links) => None;
}
