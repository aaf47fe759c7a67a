using System;
using System.Collections.Generic;
using System.Linq;
using CrmBehavior.Sandbox.Dataverse.Rows;

namespace CrmBehavior.Sandbox.Dataverse.Query;

/// <summary>One page of rows, and the cookie of the next (null on the last).</summary>
internal sealed record RowPage(IReadOnlyList<Row> Rows, PageCookie? Next);

/// <summary>Cuts answers into pages.</summary>
internal sealed class Paging(PageCache cache, RowStore store)
{
    /// <summary>The first page of an ordered answer.</summary>
    public RowPage First(IReadOnlyList<Row> ordered, int size, long? trackedVersion)
    {
        if (ordered.Count <= size) return new RowPage(ordered, null);
        string token = cache.Add([.. ordered.Select(r => r.Id)]);
        return new RowPage([.. ordered.Take(size)], new PageCookie(2, ordered[size - 1].Id, token, trackedVersion));
    }

    /// <summary>The page a cookie asks for; <paramref name="again"/> runs the query once more when its order was forgotten.</summary>
    public RowPage Next(string table, PageCookie cookie, int size, Func<IReadOnlyList<Row>> again)
    {
        Guid[] ids = cache.Find(cookie.Token) ?? [.. again().Select(r => r.Id)];
        int at = Array.IndexOf(ids, cookie.LastId);
        int start = at >= 0 ? at + 1 : Math.Min((cookie.NextPage - 1) * size, ids.Length);
        int end = Math.Min(start + size, ids.Length);
        // A row that was deleted meanwhile is left out.
        List<Row> rows = [.. ids[start..end].Select(id => store.Find(table, id)).OfType<Row>()];
        return new RowPage(rows, end < ids.Length ? cookie with { NextPage = cookie.NextPage + 1, LastId = ids[end - 1] } : null);
    }
}
