using System;

namespace CrmBehavior.Pipeline.Explain;

/// <summary>Why a definition did something for a contact, or why not and what is missing.</summary>
/// <param name="Text">In plain English, several lines.</param>
/// <param name="Json">The same as one JSON object in UTF-8: how it stands, the decisions so far, events that nearly counted.</param>
public sealed record Explanation(string Text, byte[] Json);

/// <summary>What was asked for is not there; the message says what there is.</summary>
public sealed class ExplainException : Exception
{
    /// <summary>An exception.</summary>
    /// <param name="message">What is not there, and what may have been meant.</param>
    public ExplainException(string message) : base(message)
    {
    }
}
