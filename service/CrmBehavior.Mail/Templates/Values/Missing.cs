using System.Collections;
using System.Collections.Generic;

namespace CrmBehavior.Mail.Templates.Values;

/// <summary>
/// A value that is not there, and knows where it would have been. It is an empty sequence, because that is what <c>if</c> and <c>each</c>
/// take for nothing.
/// </summary>
sealed class Missing(RenderSession session, string path) : IEnumerable<object>
{
    public string Path => path;

    /// <summary>What is shown in its place.</summary>
    /// <exception cref="Pipeline.Ports.TemplateException">Nothing may be.</exception>
    public string Text() => session.TextFor(path);

    public Missing Member(string name) => new(session, path + "." + name);

    public IEnumerator<object> GetEnumerator()
    {
        yield break;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
