using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace AiMe.Serve.Http;

/// <summary>A page of a list.</summary>
/// <param name="HasMore">Whether another page follows.</param>
internal sealed record ListPage<T>(ImmutableArray<T> Items, bool HasMore)
{
    /// <summary>The page that a request asks for with <c>after</c> and <c>limit</c>.</summary>
    /// <param name="all">In the order of the list.</param>
    public static ListPage<T> Of(HttpRequest request, IEnumerable<T> all, Func<T, string> id, int usual, int most)
    {
        var limit = usual;
        if (request.Query["limit"].ToString() is { Length: > 0 } text)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 1 || limit > most)
                throw ApiException.Invalid(
                    $"Invalid value for 'limit': expected a whole number from 1 to {most}, found '{text}'.",
                    "limit",
                    "invalid_value"
                );
        }

        var rest = all;
        if (request.Query["after"].ToString() is { Length: > 0 } after)
            rest = rest.SkipWhile(x => id(x) != after).Skip(1);
        ImmutableArray<T> items = [.. rest.Take(limit + 1)];
        return new([.. items.Take(limit)], items.Length > limit);
    }
}
