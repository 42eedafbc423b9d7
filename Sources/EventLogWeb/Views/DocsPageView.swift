/// The view of the template `docs`.
struct DocsPageView: TemplateView {
  static let template = "docs"

  let head: HeadView
  let mount: String
  let version: String
  let docs: DocsView
  let problems: [ProblemTypeView]
  let help = SearchHelp()
}
