using System;
using System.Buffers;

namespace CrmBehavior.Mail;

/// <summary>What may stand in a mail's headers: CR, LF and NUL may not, because they would begin a header of the writer's choice.</summary>
static class HeaderText
{
    static readonly SearchValues<char> Breaks = SearchValues.Create("\r\n\0");

    public static bool IsClean(string text) => text.AsSpan().IndexOfAny(Breaks) < 0;
}
