using System;
using System.Collections.Generic;
using System.Text;
using CrmBehavior.Engine.Definitions;
using CrmBehavior.Mail.Templates;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Mail.Tests.Templates;

/// <summary>Short ways to a text and to what it may show.</summary>
static class Texts
{
    public static TemplateValues Values(object? contact = null, string json = "", string journey = "welcome", Dictionary<string, string>? links = null)
    {
        var columns = new Dictionary<string, object?>();
        foreach (var property in contact?.GetType().GetProperties() ?? []) columns[property.Name] = property.GetValue(contact);
        return new TemplateValues(columns, Encoding.UTF8.GetBytes(json), journey, links ?? []);
    }

    public static TemplateDefinition Template(string html, string subject = "Hello", string? text = null, params (string Path, string Text)[] fallbacks)
    {
        var map = new Dictionary<string, string>();
        foreach ((string path, string fallback) in fallbacks) map[path] = fallback;
        return new TemplateDefinition("cart", null, "marketing", subject, html, text, map);
    }

    public static string Body(string html, TemplateValues values, params (string Path, string Text)[] fallbacks) =>
        new HandlebarsRenderer().RenderMail(Template(html, fallbacks: fallbacks), values).Html;

    public static string Problem(Action action)
    {
        try
        {
            action();
        }
        catch (TemplateException problem)
        {
            return problem.Message;
        }
        throw new InvalidOperationException("It was rendered.");
    }
}
