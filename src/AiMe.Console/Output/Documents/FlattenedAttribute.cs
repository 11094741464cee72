namespace AiMe.Console.Output.Documents;

/// <summary>The members of this record are members of the document itself.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FlattenedAttribute : Attribute;
