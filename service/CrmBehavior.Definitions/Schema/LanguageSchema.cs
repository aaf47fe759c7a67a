using System.IO;
using System.Text;

namespace CrmBehavior.Definitions.Schema;

/// <summary>The form of the language as a JSON schema (draft 2020-12), for editors that complete and check while somebody writes.</summary>
public static class LanguageSchema
{
    /// <summary>The schema's text.</summary>
    /// <returns>JSON.</returns>
    public static string Text()
    {
        using Stream stream = typeof(LanguageSchema).Assembly.GetManifestResourceStream("definition.schema.json")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
