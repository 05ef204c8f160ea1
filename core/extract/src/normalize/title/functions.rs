//! Words that name a field of work, and the words that only qualify a title.

/// The function a word tells: what a CRM administrator would file it under. Plant, site and
/// general operations are `operations`, "theatre" and "ward" `clinical`, roads `public works`.
pub(super) const FUNCTIONS: &[(&str, &str)] = &[
    (
        "sales",
        "sales revenue telesales presales pre-sales selling commercial account accounts_sales dealer",
    ),
    (
        "marketing",
        "marketing mktg brand advertising seo campaign growth content digital_marketing demand ppc",
    ),
    (
        "communications",
        "communications communication comms pr press media editorial pr_and_communications",
    ),
    (
        "business development",
        "business_development biz_dev bizdev biz_development partnerships partnership \
        partner_management alliances channel",
    ),
    (
        "it",
        "it ict information_technology network networks networking server servers computer computers helpdesk \
        it_infrastructure infrastructure systems system sys erp crm database databases cloud desktop it_operations \
        it_ops service_desk sap devops applications application website web telecoms telecom wifi it_systems \
        information_systems",
    ),
    (
        "technology",
        "technology technologies technical tech innovation digital digitalisation digitalization \
        digitization digital_transformation transformation ai automation_technology",
    ),
    (
        "security",
        "security cybersecurity infosec information_security it_security cyber loss_prevention physical_security",
    ),
    ("data", "data analytics bi business_intelligence insights data_science"),
    (
        "procurement",
        "procurement purchasing purchase buying sourcing category procurements strategic_sourcing tenders",
    ),
    ("supply chain", "supply_chain supply supply_chains demand_planning materials_planning"),
    (
        "logistics",
        "logistics warehouse warehouses warehousing distribution transport transportation shipping \
        freight delivery deliveries fulfillment fulfilment inventory stores depot dispatch stock fleet intralogistics \
        export import customs haulage trucking trucks vans despatch vehicle vehicles",
    ),
    (
        "operations",
        "operations operation ops operational operating plant field_operations port terminal \
        business_operations factory_operations",
    ),
    (
        "production",
        "production manufacturing mfg factory shop_floor assembly packaging packing molding moulding \
        machining workshop mill line foundry toolroom bottling paint_shop press_shop industrialisation \
        industrialization fabrication printing welding extrusion pilot_plant cutting brewery bakery",
    ),
    ("maintenance", "maintenance repair repairs reliability mro asset_management upkeep"),
    (
        "facilities",
        "facilities facility building buildings estates estate property real_estate premises grounds \
        cleaning housekeeping facility_management workplace janitorial catering_facilities campus greenkeeping",
    ),
    (
        "engineering",
        "engineering eng dev software hardware mechanical electrical backend frontend full_stack fullstack \
        platform automation controls process_engineering design_engineering civil_engineering chemical structural \
        software_development biomedical_engineering firmware embedded robotics mechatronics process instrumentation",
    ),
    ("product", "product products product_management product_development"),
    ("r&d", "r&d rd development research_and_development"),
    ("research", "research lab laboratory science scientific laboratories"),
    (
        "quality",
        "quality qa qc quality_assurance quality_control validation food_safety test testing hygiene",
    ),
    (
        "ehs",
        "ehs hse qhse hseq she safety health_and_safety environment_health_and_safety environmental_health",
    ),
    ("sustainability", "sustainability esg environment environmental climate energy_management"),
    (
        "finance",
        "finance financial accounting accounts fp&a treasury tax payroll billing audit credit investment \
        budget budgeting cost controlling controllership accounts_payable accounts_receivable receivables bookkeeping",
    ),
    ("legal", "legal contracts contract law"),
    (
        "compliance",
        "compliance regulatory risk governance regulatory_affairs reg_affairs privacy data_protection",
    ),
    (
        "hr",
        "hr human_resources people recruiting recruitment talent personnel people_and_culture \
        talent_acquisition workforce learning_and_development l&d training rostering staffing benefits culture \
        people_operations people_ops",
    ),
    ("customer success", "customer_success client_success cs"),
    (
        "customer service",
        "customer_service customer_care customer_support support service services after_sales \
        aftersales call_center call_centre contact_center contact_centre customer_experience customer client \
        client_services customer_services customer_relations field_service",
    ),
    ("design", "design creative ux ui art interior graphic user_experience"),
    ("strategy", "strategy strategic corporate_development planning_and_strategy m&a"),
    (
        "project management",
        "project projects programme program programs pmo programmes project_management",
    ),
    ("planning", "planning scheduling production_planning urban_planning"),
    ("construction", "construction site_construction building_site civil_works"),
    (
        "clinical",
        "clinical nursing medical theatre theatres ward wards surgery surgical pharmacy radiology icu \
        intensive_care imaging patient patients care anaesthesia anesthesia cardiology emergency_department \
        sterile_services sterile_processing infection_control oncology dental midwifery pathology rehabilitation \
        outpatient paediatrics pediatrics perioperative emergency_medicine",
    ),
    (
        "education",
        "education curriculum school teaching academic students_affairs admissions school_district \
        schools learning e-learning faculty",
    ),
    (
        "public works",
        "public_works roads road highways streets utilities water_works parks wastewater sanitation \
        water sewer waste streets_and_roads",
    ),
    (
        "hospitality",
        "kitchen restaurant food_and_beverage f&b banquet bar front_office rooms catering guest \
        events event conference kitchens banqueting spa",
    ),
    (
        "agriculture",
        "farm herd dairy vineyard crop crops livestock orchard greenhouse irrigation breeding \
        poultry estate_farming agricultural agronomy cellar",
    ),
    (
        "retail",
        "store retail shop branch merchandising e-commerce online_shop store_operations visual floor category_retail",
    ),
    ("energy", "energy grid power solar wind power_plant substation generation"),
    ("administration", "office administration administrative admin back_office"),
    ("training", "learning_development apprenticeship"),
    ("fundraising", "fundraising donor development_and_fundraising membership"),
];

/// Words that qualify a title and tell no function.
pub(super) const QUALIFIERS: &str = "senior sr junior jr deputy associate assistant asst vice global regional group \
    national international interim acting chief head lead principal executive exec corporate general area \
    country district local zone territory north south east west northern southern eastern western \
    central europe european emea apac dach latam asia america americas uk us usa germany france \
    nordics nordic benelux iberia african africa middle worldwide night day shift weekend early late morning \
    site branch team section department departmental unit division divisional key major strategic \
    city town county village municipal council parish borough community state federal city's \
    certified chartered registered qualified licensed independent freelance staff lead master first second third \
    co joint managing duty floor house station yard hospital hotel restaurant museum gallery library \
    theater airport harbour harbor marina golf club course pool leisure centre center gym \
    mine mining quarry shaft pit rig oil gas offshore vessel port_captain marine crew ship nautical \
    operating non-executive nonexecutive non independent technical commercial full part time part-time \
    business industry industrial solutions solution integration implementation onboarding \
    change release incident continuous improvement lean excellence six sigma \
    internal external public private social affairs relations government policy grants charity \
    family youth child children's welfare housing residential lettings tenant \
    animal equine veterinary dairy zoo laboratory bench wine beer cheese meat fish pastry \
    tool tooling die mold mould paint coating surface laser print plastics textile garment fashion \
    shop showroom counter till checkout box ticket booking reservations revenue tour travel fleet \
    road rail railway track tram bus train truck lorry van forklift delivery crane machine \
    room rooms fire police rescue ambulance emergency response crisis resilience continuity \
    space network new_business inside outside field remote mobile home in-house company \
    asset property portfolio fund pension insurance claims underwriting lending mortgage loan retail_banking \
    user customer key_account large enterprise smb mid-market market markets export \
    plant works materials material stock yard goods inbound outbound receiving picking \
    user_research information knowledge records archive document documents \
    low high voltage cnc cad bim mep hvac plc scada av audio video sound light lighting stage \
    sports sport fitness wellness beauty food beverage drinks nutrition recipe menu \
    web front end back full stack mobile ios android java python cloud platform machine_learning ml deep \
    post doctoral phd master's masters bachelor graduate undergraduate working medical teaching research \
    chain resources success assurance control intelligence transformation acquisition experience care \
    acute mental health primary diabetes wound infection theatre recovery biomedical clinical_trials trials \
    nuclear renewable renewables hydro drilling reservoir pipeline refinery process safety \
    tax audit cost management mgmt programme user_support level junior lifecycle \
    category merchandise space visual loyalty digital performance demand brand e-commerce";

/// What follows a head noun in a compound that is no title: "manager role", "admin rights".
pub(super) const TAILS: &str = "role roles rights console portal license licence licenses licences dashboard \
    account accounts seat seats software app apps tool tools login view page \
    level friendly card cards day days discount program programme time times gen \
    generation count office quarters start body meeting meetings training job \
    jobs position positions housing loan debt feedback panel password interface \
    user users permissions shortage shortages visit visits cut seat's hours rate \
    rates market network mode board form list magnet scoring line wound cabin \
    handbook course protection band bands salaries salary insurance";

/// What before a head noun makes it a thing: "password manager", "voice assistant".
pub(super) const THINGS: &str = "password file task device package download boot window tag cookie virtual \
    voice ai digital smart chat google siri alexa printer usb graphics display \
    print shower spray cylinder magnetic cutting drum good hot cold warm \
    qualified cable power dog parking home house car pet search rescue travel \
    cleaning chemical reverse game train content session layout rule workflow \
    screw nail memory queue profile wallet font";
