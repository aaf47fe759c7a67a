using System;
using System.Globalization;
using Microsoft.Xrm.Sdk.Query;

namespace CrmBehavior.Sandbox.Dataverse.Query.Conditions;

/// <summary>The span of time that a relative date condition means, half open, UTC; null for an operator that is about no span.</summary>
internal static class DateSpans
{
    public static (DateTime From, DateTime Until)? Of(ConditionOperator test, object? value, DateTime now)
    {
        DateTime today = now.Date, week = today.AddDays(-(int)today.DayOfWeek), month = new(today.Year, today.Month, 1, 0, 0, 0, DateTimeKind.Utc),
            year = new(today.Year, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        DateTime end = now.AddTicks(1);
        // The fiscal year is the calendar's, its periods are quarters.
        DateTime quarter = year.AddMonths((today.Month - 1) / 3 * 3);
        int n = value is null ? 0 : Convert.ToInt32(value, CultureInfo.InvariantCulture);
        return test switch
        {
            ConditionOperator.Today => (today, today.AddDays(1)),
            ConditionOperator.Yesterday => (today.AddDays(-1), today),
            ConditionOperator.Tomorrow => (today.AddDays(1), today.AddDays(2)),
            ConditionOperator.Last7Days => (today.AddDays(-7), end),
            ConditionOperator.Next7Days => (now, today.AddDays(8)),
            ConditionOperator.ThisWeek => (week, week.AddDays(7)),
            ConditionOperator.LastWeek => (week.AddDays(-7), week),
            ConditionOperator.NextWeek => (week.AddDays(7), week.AddDays(14)),
            ConditionOperator.ThisMonth => (month, month.AddMonths(1)),
            ConditionOperator.LastMonth => (month.AddMonths(-1), month),
            ConditionOperator.NextMonth => (month.AddMonths(1), month.AddMonths(2)),
            ConditionOperator.ThisYear => (year, year.AddYears(1)),
            ConditionOperator.LastYear => (year.AddYears(-1), year),
            ConditionOperator.NextYear => (year.AddYears(1), year.AddYears(2)),
            ConditionOperator.ThisFiscalYear => (year, year.AddYears(1)),
            ConditionOperator.LastFiscalYear => (year.AddYears(-1), year),
            ConditionOperator.NextFiscalYear => (year.AddYears(1), year.AddYears(2)),
            ConditionOperator.ThisFiscalPeriod => (quarter, quarter.AddMonths(3)),
            ConditionOperator.LastFiscalPeriod => (quarter.AddMonths(-3), quarter),
            ConditionOperator.NextFiscalPeriod => (quarter.AddMonths(3), quarter.AddMonths(6)),
            ConditionOperator.LastXFiscalYears => (year.AddYears(-n), year),
            ConditionOperator.NextXFiscalYears => (year.AddYears(1), year.AddYears(n + 1)),
            ConditionOperator.LastXFiscalPeriods => (quarter.AddMonths(-3 * n), quarter),
            ConditionOperator.NextXFiscalPeriods => (quarter.AddMonths(3), quarter.AddMonths(3 * (n + 1))),
            ConditionOperator.InFiscalYear when n is > 0 and < 9999 => (new(n, 1, 1, 0, 0, 0, DateTimeKind.Utc), new(n + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc)),
            ConditionOperator.LastXHours => (now.AddHours(-n), end),
            ConditionOperator.NextXHours => (now, now.AddHours(n)),
            ConditionOperator.LastXDays => (today.AddDays(-n), end),
            ConditionOperator.NextXDays => (now, today.AddDays(n + 1)),
            ConditionOperator.LastXWeeks => (today.AddDays(-7 * n), end),
            ConditionOperator.NextXWeeks => (now, today.AddDays(7 * n + 1)),
            ConditionOperator.LastXMonths => (today.AddMonths(-n), end),
            ConditionOperator.NextXMonths => (now, today.AddMonths(n).AddDays(1)),
            ConditionOperator.LastXYears => (today.AddYears(-n), end),
            ConditionOperator.NextXYears => (now, today.AddYears(n).AddDays(1)),
            ConditionOperator.OlderThanXMinutes => (DateTime.MinValue, now.AddMinutes(-n)),
            ConditionOperator.OlderThanXHours => (DateTime.MinValue, now.AddHours(-n)),
            ConditionOperator.OlderThanXDays => (DateTime.MinValue, now.AddDays(-n)),
            ConditionOperator.OlderThanXWeeks => (DateTime.MinValue, now.AddDays(-7 * n)),
            ConditionOperator.OlderThanXMonths => (DateTime.MinValue, now.AddMonths(-n)),
            ConditionOperator.OlderThanXYears => (DateTime.MinValue, now.AddYears(-n)),
            _ => null,
        };
    }
}
