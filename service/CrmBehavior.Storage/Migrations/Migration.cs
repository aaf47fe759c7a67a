using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;

namespace CrmBehavior.Storage.Migrations;

/// <summary>One step of the schema.</summary>
/// <param name="Number">Counts from 1, without gaps.</param>
/// <param name="Name">What it brings.</param>
/// <param name="Sql">Statements of one transaction.</param>
internal sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>The steps of a dialect, from the files <c>Migrations/&lt;dialect&gt;/NNNN_name.sql</c>, in order.</summary>
    public static IReadOnlyList<Migration> Of(string dialect)
    {
        Assembly assembly = typeof(Migration).Assembly;
        var steps = new List<Migration>();
        foreach (string resource in assembly.GetManifestResourceNames())
        {
            // The build names a resource with the separator of the machine it runs on.
            string path = resource.Replace('\\', '/');
            if (!path.StartsWith(dialect + "/", StringComparison.Ordinal) || !path.EndsWith(".sql", StringComparison.Ordinal)) continue;
            string[] name = Path.GetFileNameWithoutExtension(path).Split('_', 2);
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            steps.Add(new Migration(int.Parse(name[0], CultureInfo.InvariantCulture), name[1], reader.ReadToEnd()));
        }
        return [.. steps.OrderBy(x => x.Number)];
    }
}
