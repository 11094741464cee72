using System.Text.Json;
using System.Text.Json.Serialization;

namespace AiMe.Console.Output.Documents;

/// <summary>A value of an enumeration as words, such as <c>rolled-back</c>.</summary>
internal sealed class EnumWords<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower)
    where T : struct, Enum;
