using System;
using System.Globalization;
using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Questions;

/// <summary>Names of the parameters of the custom APIs that ask the service, and how they are read.</summary>
static class Parameters
{
    internal const string ContactId = "ContactId";
    internal const string Definition = "Definition";
    internal const string At = "At";
    internal const string Journey = "Journey";
    internal const string Days = "Days";
    internal const string Template = "Template";
    internal const string Text = "Text";
    internal const string Json = "Json";
    internal const string IsValid = "IsValid";
    internal const string Problems = "Problems";
    internal const string Words = "Words";
    internal const string Details = "Details";

    /// <summary>A text; null when it was left out or is blank.</summary>
    internal static string? Optional(PluginCall call, string name) => call.Parameter(name) is string text && text.Trim().Length > 0 ? text : null;

    /// <summary>A text that must be there.</summary>
    internal static string Required(PluginCall call, string name) =>
        Optional(call, name) ?? throw new InvalidPluginExecutionException(name + " is empty; it is needed.");

    /// <summary>An id that must be there, as the wire writes it.</summary>
    internal static string Id(PluginCall call, string name) => call.Parameter(name) is Guid id && id != Guid.Empty
        ? id.ToString("D", CultureInfo.InvariantCulture)
        : throw new InvalidPluginExecutionException(name + " is empty; it is the id of a contact.");

    /// <summary>Of two texts exactly one must be there.</summary>
    internal static void EitherOr(PluginCall call, string one, string other)
    {
        if (Optional(call, one) == null == (Optional(call, other) == null))
            throw new InvalidPluginExecutionException("Give either " + one + " (a document) or " + other + " (the name of a published one), not both and not neither.");
    }
}
