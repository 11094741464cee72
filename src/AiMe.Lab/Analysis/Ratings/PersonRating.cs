using AiMe.Faculties;

namespace AiMe.Lab.Analysis.Ratings;

/// <summary>A person's rating of an experience.</summary>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Experience">The experience, such as <c>e12</c>.</param>
/// <param name="Rater">A name of the rater's own choice.</param>
/// <param name="Place">Where it stands, for messages.</param>
public sealed record PersonRating(string Instance, MemoryId Experience, double Value, string Rater, string Place);
