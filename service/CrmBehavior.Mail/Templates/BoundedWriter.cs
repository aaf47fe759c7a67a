using System;
using System.Globalization;
using System.IO;
using System.Text;
using CrmBehavior.Pipeline.Ports;

namespace CrmBehavior.Mail.Templates;

/// <summary>Takes the rendered text and stops the rendering, by an exception, when it grows beyond its bound.</summary>
sealed class BoundedWriter : TextWriter
{
    readonly StringBuilder text = new();
    readonly int bound;
    int bytes;

    public BoundedWriter(int bound) : base(CultureInfo.InvariantCulture) => this.bound = bound;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        Grow(1);
        text.Append(value);
    }

    public override void Write(string? value)
    {
        if (value is null) return;
        Grow(Encoding.UTF8.GetByteCount(value));
        text.Append(value);
    }

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        Grow(Encoding.UTF8.GetByteCount(buffer));
        text.Append(buffer);
    }

    public override string ToString() => text.ToString();

    void Grow(int more)
    {
        bytes += more;
        if (bytes > bound) throw new TemplateException($"The text grows beyond {bound / 1024} KB; write a shorter text or loop over fewer values.");
    }
}
