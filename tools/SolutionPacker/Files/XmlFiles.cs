using System;
using System.IO;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace CrmBehavior.SolutionPacker.Files;

/// <summary>Loads and writes the XML of a solution: with places for messages, and always the same bytes for the same content.</summary>
static class XmlFiles
{
    static readonly XmlReaderSettings Reading = new()
    {
        // A solution has no use for either, and both reach outside the file.
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreWhitespace = true,
    };

    static readonly XmlWriterSettings Writing = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        IndentChars = "  ",
        NewLineChars = "\n",
        NewLineHandling = NewLineHandling.Replace,
    };

    internal static XDocument Load(string file, ReadOnlyMemory<byte> content)
    {
        try
        {
            using var stream = new MemoryStream(content.ToArray(), writable: false);
            using var reader = XmlReader.Create(stream, Reading);
            XDocument document = XDocument.Load(reader, LoadOptions.SetLineInfo);
            SourcePlace.Mark(document.Root!, file);
            return document;
        }
        catch (XmlException e)
        {
            throw new SolutionFormatException(new SourcePlace(file, e.LineNumber, e.LinePosition, ""), $"is not well-formed XML: {e.Message}", e);
        }
    }

    internal static byte[] Write(XDocument document)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, Writing)) document.Save(writer);
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }
}
