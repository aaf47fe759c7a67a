using System.Collections.Generic;

namespace CrmBehavior.Mail.Templates.Syntax;

/// <summary>What a pair of braces does.</summary>
enum TagKind
{
    /// <summary><c>{{path}}</c> or <c>{{date path "format"}}</c>.</summary>
    Value,

    /// <summary><c>{{#if path}}</c>.</summary>
    Open,

    /// <summary><c>{{else}}</c>, <c>{{^}}</c> or <c>{{else if path}}</c>.</summary>
    Else,

    /// <summary><c>{{/if}}</c>.</summary>
    Close,

    /// <summary><c>{{! … }}</c>.</summary>
    Comment,
}

/// <summary>A pair of braces and what is in it.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Start">Where it begins in the source.</param>
/// <param name="Length">How long it is, braces included.</param>
/// <param name="Place">The same for people.</param>
/// <param name="Words">What is in it, in order.</param>
/// <param name="Names">Names after <c>as</c>.</param>
sealed record TemplateTag(TagKind Kind, int Start, int Length, SourcePlace Place, IReadOnlyList<TagWord> Words, IReadOnlyList<string> Names)
{
    /// <summary>The first word, or an empty text.</summary>
    public string Head => Words.Count == 0 ? "" : Words[0].Text;
}

/// <summary>Kinds of words in braces.</summary>
enum WordKind
{
    /// <summary>A path, or the name of a function or block.</summary>
    Path,

    /// <summary>A text, number, true, false or null.</summary>
    Literal,

    /// <summary>An inner call in parentheses.</summary>
    Call,
}

/// <summary>A word in braces.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As written, without quotes.</param>
/// <param name="Key">The name before an equals sign, or null.</param>
/// <param name="Inner">The words of an inner call.</param>
sealed record TagWord(WordKind Kind, string Text, string? Key, IReadOnlyList<TagWord> Inner);
