using System.Text.RegularExpressions;
using CrmBehavior.Storage.Characters;
using Shouldly;
using Xunit;

namespace CrmBehavior.Storage.Tests.Characters;

public sealed class StoredTextTests
{
    [Theory]
    [InlineData(@"", -1, @"")]
    [InlineData(@"plain", -1, @"plain")]
    [InlineData(@"🙂 pair", -1, @"🙂 pair")]
    [InlineData(@"a\u0000b", 1, @"a\uFFFDb")]
    [InlineData(@"\uD83D", 0, @"\uFFFD")]
    [InlineData(@"🙂\uDE42", 2, @"🙂\uFFFD")]
    [InlineData(@"\uDE42\uD83D", 0, @"\uFFFD\uFFFD")]
    [InlineData(@"x\uD83D\u0000", 1, @"x\uFFFD\uFFFD")]
    [InlineData(@"x\u0000\uD83D", 1, @"x\uFFFD\uFFFD")]
    [InlineData(@"x\uD83D🙂", 1, @"x\uFFFD🙂")]
    [InlineData(@"\uFFFD is a letter like any other", -1, @"\uFFFD is a letter like any other")]
    public void Text_is_searched_for_what_no_store_keeps_and_mended(string escaped, int fault, string escapedMended)
    {
        // Escaped, for a lone surrogate does not survive in an attribute.
        string text = Regex.Unescape(escaped), mended = Regex.Unescape(escapedMended);
        StoredText.FindFault(text).ShouldBe(fault);
        StoredText.Mend(text).ShouldBe(mended);
        StoredText.FindFault(mended).ShouldBe(-1);
    }
}
