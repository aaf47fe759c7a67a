using Microsoft.Xrm.Sdk;

namespace CrmBehavior.Plugins.Platform;

/// <summary>Copies of rows, so that nobody changes what is stored by holding on to it.</summary>
static class RowCopy
{
    internal static Entity Of(Entity row) => row.ToEntity<Entity>();

    internal static Entity Of(Entity row, System.Collections.Generic.IEnumerable<string> columns)
    {
        var copy = new Entity(row.LogicalName, row.Id);
        foreach (string column in columns)
        {
            // Null-valued columns are absent from images and results, as on the platform.
            if (row.Attributes.TryGetValue(column, out object value) && value != null) copy[column] = value;
            if (row.FormattedValues.TryGetValue(column, out string label)) copy.FormattedValues[column] = label;
        }

        return copy;
    }
}
