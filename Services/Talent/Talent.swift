@main struct Talent { static func main() {} }
